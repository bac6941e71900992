// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <QWidget>

#include <optional>

class QHBoxLayout;
class QLineEdit;

namespace ui::calls {

class MarkSwatch;

/// What people noted at a call, and where they do: a tag for each colour, and a field for the comment, which Enter keeps and Esc
/// brings back.
class MarkStrip final : public QWidget
{
    Q_OBJECT
public:
    explicit MarkStrip(QWidget *parent = nullptr);
    /// Of a call; what is being written at the same one stays.
    void setMark(const QString &id, const gateway::CallMark &mark);
    void editComment();                      ///< puts the cursor there
    void hideMarks();                        ///< leaves the further buttons alone
    [[nodiscard]] QHBoxLayout *row() const { return m_row; } ///< further buttons go at its end

Q_SIGNALS:
    void colourWanted(const QString &id, int colour);           ///< 0: none
    void commentWanted(const QString &id, const QString &text); ///< empty: none

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void keepComment();
    void showColour();

    QString m_id;
    gateway::CallMark m_mark;
    QHBoxLayout *m_row;
    QList<MarkSwatch *> m_swatches;          ///< of 1 to 6
    QLineEdit *m_comment;
    std::optional<QString> m_sent;           ///< the comment that is on its way
};

} // namespace ui::calls
