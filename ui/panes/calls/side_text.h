// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/calls/call_diff.h"

#include <QTextEdit>

class QTextTable;

namespace ui::calls {

/// Two texts beside one another, line by line, read-only: what is on one side alone has that side's colour and is underlined.
class SideText final : public QTextEdit
{
    Q_OBJECT
public:
    explicit SideText(QWidget *parent = nullptr);
    void setRows(const QList<SideRow> &rows);
    [[nodiscard]] const QList<SideRow> &rows() const { return m_rows; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void write();
    void writeLine(QTextTable *table, int row, const SideRow &line);

    QList<SideRow> m_rows;
};

} // namespace ui::calls
