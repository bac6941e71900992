// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/semantic_review.h"

#include <QWidget>

class QTextEdit;

namespace ui::widgets {
class Button;
class Label;
class StateLabel;
}

namespace ui::cache {

/// The question of a semantic hit beside the one whose answer it got, with the words that differ marked, and what a person
/// says of it.
class QuestionPair final : public QWidget
{
    Q_OBJECT
public:
    explicit QuestionPair(QWidget *parent = nullptr);
    void setHit(const gateway::SemanticHit *hit);   ///< null: none is chosen
    void setBusy(bool busy);                        ///< a verdict is being written down

Q_SIGNALS:
    void judged(gateway::Verdict verdict);
    void askedCallWanted();                         ///< the call that got the answer
    void keptCallWanted();                          ///< the one that it was made for

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeSide(const QString &title, QTextEdit *text, widgets::Button *call);
    void mark();

    widgets::StateLabel *m_verdict;
    QTextEdit *m_asked, *m_kept;
    widgets::Button *m_askedCall, *m_keptCall, *m_right, *m_wrong, *m_open;
    bool m_any = false;
};

} // namespace ui::cache
