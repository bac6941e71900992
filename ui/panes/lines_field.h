// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QStringList>
#include <QTimer>

namespace ui::panes {

/// Texts, one a line. Told a moment after the last key, or when the field is left: there can be very many.
class LinesField final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit LinesField(int linesShown, QWidget *parent = nullptr);
    void setLines(const QStringList &lines); ///< what is being typed stays where the lines are those that were told last
    [[nodiscard]] QStringList lines() const; ///< without white space around them, none empty

Q_SIGNALS:
    void linesEdited();

protected:
    void focusOutEvent(QFocusEvent *event) override;

private:
    void tell();
    QStringList m_told; ///< as they were set or told last
    QTimer m_timer;
    bool m_quiet = false;
};

} // namespace ui::panes
