// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/try_panel.h"

#include "ui/bridge/text.h"
#include "ui/panes/privacy/found_legend.h"
#include "ui/panes/privacy/guardrail_words.h"
#include "ui/panes/privacy/sent_spans.h"
#include "ui/panes/privacy/span_text.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QLocale>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::api::PrivacySpan;
using gateway::api::PrivacyTrial;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr int tryAfterMs = 200;

QString noteOf(const PrivacySpan &span) { return TryPanel::tr("%1, %2, sure to %3").arg(findingTitle(span.rule), actionWord(span.action), QLocale().toString(span.score, 'f', 2)); }

const QString sample = u"Hi, this is Marta Lindqvist about TCK-482910.\n\nThe refund never came. Please write to marta.lindqvist@example.org or call me on +49 30 5550 1842 before noon.\n\n"
                       "My account is DE89 3704 0044 0532 0130 00. A colleague said project Bluebird is the reason, see also TCK-482655. Copy finance@example.org, thanks."_s;

} // namespace

TryPanel::TryPanel(gateway::api::PrivacyTools &tools, RuleColors &colors, QWidget *parent)
    : QWidget(parent), m_tools(tools), m_colors(colors), m_text(new SpanText(SpanText::Mark::Underline)), m_sent(new SpanText(SpanText::Mark::Edge)), m_legend(new FoundLegend), m_count(new Label(Label::Kind::Secondary)),
      m_note(new Label(Label::Kind::Secondary, tr("nothing is sent or stored"))), m_notAsked(new Label(Label::Kind::Note)), m_test(new Button(Icon::Play, tr("Test"))), m_problem(new widgets::SectionBanner), m_blocked(new widgets::EmptyState({})), m_outcome(new QStackedWidget),
      m_as(new widgets::SegmentedControl({tr("Request"), tr("Answer")})), m_guardrails(new QWidget)
{
    setObjectName(u"privacy.try"_s);
    m_as->setObjectName(u"privacy.tryAs"_s);
    m_as->setSmall(true);
    m_as->setToolTip(tr("What guardrails take the text for"));
    m_guardrails->setObjectName(u"privacy.tryGuardrails"_s);
    auto *lines = new QVBoxLayout(m_guardrails);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(2);
    m_guardrails->hide();
    m_text->setObjectName(u"privacy.sample"_s);
    m_text->setAccessibleName(tr("Sample text"));
    m_text->setPlaceholderText(tr("Type or paste what a caller might send"));
    m_text->setPlainText(sample);
    m_sent->setObjectName(u"privacy.sent"_s);
    m_sent->setAccessibleName(tr("What the provider gets"));
    m_legend->setObjectName(u"privacy.legend"_s);
    m_count->setObjectName(u"privacy.found"_s);
    m_test->setObjectName(u"privacy.test"_s);
    m_test->setKeyHint(u"Ctrl+Enter"_s);
    m_problem->setObjectName(u"privacy.tryProblem"_s);
    m_problem->hide();
    m_notAsked->setObjectName(u"privacy.notAsked"_s);
    m_notAsked->setWordWrap(true);
    m_notAsked->hide();
    m_blocked->setObjectName(u"privacy.blocked"_s);
    m_blocked->setPicture(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 6, 16, 12);
    column->setSpacing(8);
    column->addWidget(makeHeader());
    column->addWidget(m_problem);
    column->addWidget(makeTexts(), 1);
    column->addWidget(m_guardrails);
    column->addWidget(m_notAsked);
    m_timer.setSingleShot(true);
    m_timer.setInterval(tryAfterMs);
    connect(&m_timer, &QTimer::timeout, this, &TryPanel::ask);
    connect(m_text, &QPlainTextEdit::textChanged, this, &TryPanel::wait);
    connect(m_test, &QPushButton::clicked, this, &TryPanel::tryNow);
    connect(m_as, &widgets::SegmentedControl::currentChanged, this, &TryPanel::tryNow);
}

QWidget *TryPanel::makeHeader()
{
    auto *header = new QWidget;
    header->setFixedHeight(32);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_note);
    row->addWidget(m_as);
    row->addWidget(m_legend, 1);
    row->addSpacing(4);
    row->addWidget(m_count);
    row->addWidget(m_test);
    return header;
}

QWidget *TryPanel::makeTexts()
{
    auto *texts = new QWidget;
    auto *given = new widgets::Card(tr("Sample text"));
    given->body()->setContentsMargins(1, 0, 1, 1);
    given->body()->addWidget(m_text);
    m_sentCard = new widgets::Card(tr("What the provider gets"));
    m_sentCard->body()->setContentsMargins(1, 0, 1, 1);
    m_outcome->addWidget(m_sent);
    m_outcome->addWidget(m_blocked);
    m_sentCard->body()->addWidget(m_outcome);
    auto *row = new QHBoxLayout(texts);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(given, 1);
    row->addWidget(m_sentCard, 1);
    return texts;
}

void TryPanel::setPolicy(const std::optional<Policy> &policy)
{
    if (policy == m_policy)
        return;
    m_policy = policy;
    m_as->setVisible(policy && !policy->guardrails.empty());
    wait();
}

void TryPanel::setActive(bool active)
{
    m_active = active;
    if (active && m_due)
        m_timer.start();
}

void TryPanel::wait()
{
    m_due = true;
    if (m_active)
        m_timer.start();
}

void TryPanel::tryNow()
{
    m_due = true;
    ask();
}

void TryPanel::focusText() { m_text->setFocus(Qt::OtherFocusReason); }

void TryPanel::ask()
{
    m_timer.stop();
    if (!m_policy)
        return;
    m_due = false;
    std::string text = utf8(m_text->toPlainText());
    m_tools.tryOut({.name = m_policy->name, .given = m_policy, .asAnswer = isAnswer()}, text, this, [this, text, generation = ++m_generation](const gateway::Result<PrivacyTrial> &trial) {
        if (generation != m_generation)
            return;
        if (trial)
            show(*trial, text);
        else
            showProblem(qt(trial.error().message));
    });
}

void TryPanel::show(const PrivacyTrial &trial, const std::string &text)
{
    m_problem->hide();
    widgets::setDimmed(m_outcome, false);
    m_notAsked->setVisible(!trial.notAsked.empty());
    m_notAsked->setText(tr("Not asked, since a trial sends nothing anywhere: %1").arg(bridge::qtList(trial.notAsked).join(u", "_s)));
    showFound(trial);
    const bool blocked = !trial.blockedBy.empty();
    m_outcome->setCurrentIndex(blocked ? 1 : 0);
    m_sentCard->setTitle(isAnswer() ? tr("What the caller gets") : tr("What the provider gets"));
    showGuardrails(trial);
    if (blocked)
        showBlocked(trial);
    QList<SpanText::Span> found, sent;
    ByteOffsets given(text), gone(trial.scrubbed);
    for (const PrivacySpan &span : trial.spans) {
        const int from = given.letterAt(span.from);
        found << SpanText::Span {from, given.letterAt(span.to), m_colors.seriesOf(qt(span.rule)), noteOf(span)};
    }
    if (!blocked) {
        for (const SentSpan &span : sentSpans(text, trial)) {
            const PrivacySpan &of = trial.spans[span.span];
            const int from = gone.letterAt(span.from);
            sent << SpanText::Span {from, gone.letterAt(span.to), m_colors.seriesOf(qt(of.rule)), noteOf(of)};
        }
    }
    if (m_text->toPlainText() == qt(text)) // else the next answer is on its way
        m_text->setSpans(found);
    m_sent->setPlainText(blocked ? QString() : qt(trial.scrubbed));
    m_sent->setSpans(sent);
    const bool tokens = std::ranges::any_of(trial.spans, [](const PrivacySpan &span) { return span.action == Action::Tokenize; });
    m_sentCard->setUnit(!blocked && tokens ? tr("tokens are restored in the answer") : QString());
}

bool TryPanel::isAnswer() const { return m_as->isVisibleTo(this) && m_as->current() == 1; }

void TryPanel::showGuardrails(const PrivacyTrial &trial)
{
    qDeleteAll(std::exchange(m_lines, {}));
    for (const gateway::api::GuardrailFinding &finding : trial.guardrails) {
        auto *line = new widgets::StateLabel(actionIcon(finding.action), actionRole(finding.action), trialWords(finding, isAnswer()));
        line->setWordWrap(true);
        m_guardrails->layout()->addWidget(line);
        m_lines << line;
    }
    m_guardrails->setVisible(!m_lines.isEmpty());
}

/// By a rule, or by a guardrail, which is told with its reason below.
void TryPanel::showBlocked(const PrivacyTrial &trial)
{
    const bool guardrail = std::ranges::any_of(trial.guardrails, [&](const gateway::api::GuardrailFinding &finding) { return finding.guardrail == trial.blockedBy && finding.action == GuardrailAction::Block; });
    const QString by = guardrail ? tr("guardrail %1").arg(qt(trial.blockedBy)) : findingTitle(trial.blockedBy);
    m_blocked->setSentence(isAnswer() ? tr("Nothing: the answer is not let through because of %1.").arg(by) : tr("Nothing: the call is refused because of %1.").arg(by));
    m_blocked->setNote(guardrail ? QString() : tr("The caller gets 400, blocked_by_policy, with the detector's name and never the value."));
}

void TryPanel::showFound(const PrivacyTrial &trial)
{
    QList<FoundLegend::Entry> entries;
    for (const PrivacySpan &span : trial.spans) {
        const FoundLegend::Entry entry {findingTitle(span.rule), 1, m_colors.seriesOf(qt(span.rule))};
        const auto known = std::ranges::find(entries, entry.title, &FoundLegend::Entry::title);
        if (known == entries.end())
            entries << entry;
        else
            ++known->count;
    }
    m_legend->setEntries(entries);
    const bool clean = trial.spans.empty();
    m_count->setText(!clean ? tr("%1 found").arg(trial.spans.size()) : trial.guardrails.empty() ? tr("nothing found") : tr("rules found nothing"));
}

void TryPanel::showProblem(const QString &why)
{
    m_problem->setContent(tr("The policy cannot be tried"), why);
    m_problem->show();
    widgets::setDimmed(m_outcome, true);
    m_count->clear();
}

} // namespace ui::privacy
