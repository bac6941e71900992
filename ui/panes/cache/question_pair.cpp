// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/question_pair.h"

#include "ui/bridge/text.h"
#include "ui/panes/cache/review_model.h"
#include "ui/panes/cache/word_diff.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QTextEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::cache {

using gateway::Verdict;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

QuestionPair::QuestionPair(QWidget *parent)
    : QWidget(parent), m_verdict(new widgets::StateLabel), m_asked(new QTextEdit), m_kept(new QTextEdit), m_askedCall(new Button(Button::Kind::Link, Icon::None, tr("Show call"))),
      m_keptCall(new Button(Button::Kind::Link, Icon::None, tr("Show call"))), m_right(new Button(Icon::Check, tr("Right"))), m_wrong(new Button(Icon::Close, tr("Wrong"))), m_open(new Button(tr("Not judged")))
{
    m_asked->setObjectName(u"cache.review.asked"_s);
    m_kept->setObjectName(u"cache.review.kept"_s);
    m_askedCall->setObjectName(u"cache.review.askedCall"_s);
    m_keptCall->setObjectName(u"cache.review.keptCall"_s);
    m_askedCall->setAccessibleName(tr("Show the call that got the answer"));
    m_keptCall->setAccessibleName(tr("Show the call that the answer was made for"));
    m_verdict->setObjectName(u"cache.review.verdict"_s);
    const std::tuple<Button *, QString, const char *, Verdict> verdicts[] {{m_right, u"R"_s, "right", Verdict::Right}, {m_wrong, u"W"_s, "wrong", Verdict::Wrong}, {m_open, u"U"_s, "open", Verdict::Open}};
    auto *bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_verdict, 1);
    for (const auto &[button, key, name, verdict] : verdicts) {
        button->setObjectName(u"cache.review."_s + QLatin1StringView(name));
        button->setKeyHint(key);
        bar->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, verdict = verdict] { Q_EMIT judged(verdict); });
    }
    auto *sides = new QHBoxLayout;
    sides->setSpacing(8);
    sides->addWidget(makeSide(tr("Asked"), m_asked, m_askedCall), 1);
    sides->addWidget(makeSide(tr("Answered before"), m_kept, m_keptCall), 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(8);
    column->addLayout(bar);
    column->addLayout(sides, 1);
    connect(m_askedCall, &QPushButton::clicked, this, &QuestionPair::askedCallWanted);
    connect(m_keptCall, &QPushButton::clicked, this, &QuestionPair::keptCallWanted);
    setHit(nullptr);
}

QWidget *QuestionPair::makeSide(const QString &title, QTextEdit *text, Button *call)
{
    text->setReadOnly(true);
    text->setAcceptRichText(false);
    text->setFont(widgets::monoFont(12));
    text->setAccessibleName(title);
    text->setTabChangesFocus(true);
    text->setMinimumHeight(60);
    call->setSmall(true);
    auto *side = new QWidget;
    auto *head = new QHBoxLayout;
    head->addWidget(new Label(Label::Kind::Field, title));
    head->addStretch(1);
    head->addWidget(call);
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(text, 1);
    return side;
}

void QuestionPair::setHit(const gateway::SemanticHit *hit)
{
    m_any = hit != nullptr;
    m_asked->setPlainText(hit ? bridge::qt(hit->asked) : QString());
    m_kept->setPlainText(hit ? bridge::qt(hit->kept) : QString());
    m_asked->setPlaceholderText(hit ? tr("The question is not kept.") : QString());
    m_kept->setPlaceholderText(hit ? tr("The question is not kept.") : QString());
    m_askedCall->setEnabled(hit && !hit->callId.empty());
    m_keptCall->setEnabled(hit && !hit->answerFrom.empty());
    if (!hit)
        m_verdict->setState(Icon::None, Role::Muted, tr("Choose a hit to compare its questions."));
    else if (hit->verdict == Verdict::Open)
        m_verdict->setState(Icon::Skipped, Role::Muted, tr("Did the answer fit? %1 alike").arg(QString::number(hit->similarity, 'f', 3)));
    else
        m_verdict->setState(hit->verdict == Verdict::Right ? Icon::Ok : Icon::Error, hit->verdict == Verdict::Right ? Role::Ok : Role::Err, tr("%1, %2 alike").arg(verdictName(hit->verdict), QString::number(hit->similarity, 'f', 3)));
    setBusy(false);
    m_open->setEnabled(hit && hit->verdict != Verdict::Open);
    mark();
}

void QuestionPair::setBusy(bool busy)
{
    for (Button *button : {m_right, m_wrong, m_open})
        button->setEnabled(m_any && !busy);
}

/// What differs is marked by ground and line: not by colour alone.
void QuestionPair::mark()
{
    const auto [asked, kept] = differingWords(m_asked->toPlainText(), m_kept->toPlainText());
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    const auto show = [&](QTextEdit *text, const QList<Stretch> &stretches) {
        QList<QTextEdit::ExtraSelection> marks;
        for (const Stretch &stretch : stretches) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(text->document());
            mark.cursor.setPosition(static_cast<int>(stretch.at));
            mark.cursor.setPosition(static_cast<int>(stretch.at + stretch.length), QTextCursor::KeepAnchor);
            mark.format.setBackground(c.warnBg);
            mark.format.setFontUnderline(true);
            marks.append(mark);
        }
        text->setExtraSelections(marks);
    };
    show(m_asked, asked);
    show(m_kept, kept);
}

void QuestionPair::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_asked)
        mark();
}

} // namespace ui::cache
