// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/test_answer.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/header_note.h"
#include "ui/widgets/button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QPlainTextEdit>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

TestAnswer::TestAnswer(QWidget *parent)
    : Card(tr("Answer"), {}, parent), m_cell(new widgets::ElidedLabel), m_open(Button::iconOnly(Icon::External, tr("Open the call in Calls"), nullptr, Button::Kind::Flat)), m_state(new widgets::StateLabel), m_failures(new Label(Label::Kind::Secondary)),
      m_figures(new Label(Label::Kind::Note)), m_text(new QPlainTextEdit)
{
    setObjectName(u"prompts.answer"_s);
    m_open->setObjectName(u"prompts.answer.open"_s);
    m_open->setSmall(true);
    addHeaderNote(*this, m_cell);
    addToHeader(m_open);
    m_state->setObjectName(u"prompts.answer.state"_s);
    m_failures->setObjectName(u"prompts.answer.failures"_s);
    m_failures->setWordWrap(true);
    m_figures->setObjectName(u"prompts.answer.figures"_s);
    m_figures->setWordWrap(true);
    m_figures->setContentsMargins(12, 6, 12, 6);
    m_text->setObjectName(u"prompts.answer.text"_s);
    m_text->setAccessibleName(tr("Answer"));
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setTabChangesFocus(true);
    m_text->document()->setDocumentMargin(12);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(12, 8, 12, 0);
    head->setSpacing(4);
    head->addWidget(m_state);
    head->addWidget(m_failures);
    body()->addLayout(head);
    body()->addWidget(m_text, 1);
    body()->addWidget(m_figures);
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT callWanted(m_callId); });
    show(nullptr, TestTable::State::NotRun, {});
}

void TestAnswer::setCell(const QString &text) { m_cell->setText(text); }

void TestAnswer::show(const TestOutcome *outcome, TestTable::State state, const QString &words)
{
    using State = TestTable::State;
    const bool any = outcome && state != State::Running;
    m_state->setVisible(any);
    m_failures->setVisible(any && !outcome->result.failures.empty());
    m_figures->setVisible(any && !outcome->result.answer.callId.empty());
    m_callId = any ? qt(outcome->result.answer.callId) : QString();
    m_open->setVisible(!m_callId.isEmpty());
    if (!any) {
        m_text->clear();
        m_text->setPlaceholderText(state == State::Running ? tr("It runs.") : tr("Run the tests, then choose a result to read the answer."));
        return;
    }
    const auto &answer = outcome->result.answer;
    m_state->setState(state == State::Passed ? Icon::Ok : state == State::Failed ? Icon::Error : Icon::Skipped, state == State::Passed ? Role::Ok : state == State::Failed ? Role::Err : Role::Muted, words);
    m_failures->setText(bridge::qtList(outcome->result.failures).join(u'\n'));
    if (m_text->toPlainText() != qt(answer.text))
        m_text->setPlainText(qt(answer.text));
    m_text->setPlaceholderText(outcome->result.run ? tr("The answer has no text.") : QString());
    const auto first = answer.firstTextUs >= 0 ? std::optional<std::int64_t>(answer.firstTextUs) : std::nullopt;
    m_figures->setText(tr("TTFT %1, total %2, %3 / %4 tokens, %5; asked of %6")
                           .arg(widgets::latency(first), widgets::latency(answer.latencyUs), widgets::count(static_cast<std::uint64_t>(answer.inputTokens)), widgets::count(static_cast<std::uint64_t>(answer.outputTokens)), widgets::money(answer.cost),
                               qt(answer.route)));
}

} // namespace ui::prompts
