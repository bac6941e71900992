// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/guardrail_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/json_edit.h"
#include "ui/panes/lines_field.h"
#include "ui/panes/privacy/pattern_mark.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::OnFailure;
using Kind = GuardrailKind;
using panes::JsonEdit;
using panes::LinesField;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int labelWidth = 72;
constexpr int patternLines = 5, phraseLines = 4;

Label *note()
{
    auto *label = new Label(Label::Kind::Note);
    label->setWordWrap(true);
    label->setRole(Role::Muted);
    return label;
}

/// The first pattern that RE2 does not take.
std::optional<std::pair<QString, PatternProblem>> firstWrong(const std::vector<std::string> &patterns)
{
    for (const std::string &pattern : patterns) {
        if (const auto problem = checkPattern(qt(pattern)))
            return std::pair {qt(pattern), *problem};
    }
    return std::nullopt;
}

} // namespace

GuardrailForm::GuardrailForm(SigningKey signingKey, QWidget *parent)
    : QWidget(parent), m_signingKey(std::move(signingKey)), m_lines(this, u"privacy.guardrail"_s, labelWidth), m_kind(new QComboBox), m_action(new QComboBox), m_looksAt(new QComboBox), m_streams(new QComboBox), m_onFailure(new QComboBox), m_name(new QLineEdit),
      m_url(new QLineEdit), m_limit(new widgets::CountField), m_patterns(new LinesField(patternLines)), m_phrases(new LinesField(phraseLines)), m_threshold(new QDoubleSpinBox),
      m_schema(new JsonEdit(JsonEdit::Shape::Object, u"privacy.guardrail.schema"_s, tr("JSON Schema of answers"))), m_repair(new QCheckBox(tr("Ask once more"))), m_timeout(new widgets::DurationField),
      m_key(new widgets::CopyButton(tr("Copy the signing key"), [this] { return m_signingKey(m_shownUrl); })), m_mark(new PatternMark), m_patternState(new widgets::StateLabel), m_kindNote(note()), m_actionNote(note()), m_limitNote(note()), m_streamNote(note()),
      m_keyNote(note()), m_problem(new Label(Label::Kind::Secondary))
{
    for (QComboBox *box : {m_kind, m_action, m_looksAt, m_streams, m_onFailure})
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    makeHead();
    makeLimits();
    makeWebhook();
    m_problem->setObjectName(u"privacy.guardrail.problem"_s);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    m_lines.addAcross(m_problem);
    connectFields();
    connectWebhook();
}

void GuardrailForm::makeHead()
{
    m_lines.add(tr("Kind"), m_kind, u"kind"_s);
    for (const Kind kind : allKinds) {
        m_kind->addItem(kindTitle(kind), int(kind));
        m_kind->setItemData(m_kind->count() - 1, kindMeaning(kind), Qt::ToolTipRole);
    }
    m_lines.addBelow(m_kindNote);
    m_lines.add(tr("Name"), m_name, u"name"_s);
    m_name->setMaxLength(32);
    m_name->setToolTip(tr("In errors, in the log and in figures. Without one it is called after its kind"));
    m_lines.add(tr("Action"), m_action, u"action"_s);
    m_action->setIconSize({16, 16});
    for (const GuardrailAction action : {GuardrailAction::Block, GuardrailAction::Report})
        m_action->addItem(widgets::themedIcon(actionIcon(action), actionRole(action)), actionWord(action), int(action));
    m_lines.addBelow(m_actionNote);
    m_looksAtLine = m_lines.add(tr("Looks at"), m_looksAt, u"looksAt"_s);
    for (const LooksAt what : {LooksAt::Request, LooksAt::Answers, LooksAt::Both})
        m_looksAt->addItem(looksAtWord(what), int(what));
}

void GuardrailForm::makeLimits()
{
    m_limitLine = m_lines.add(tr("At most"), m_limit, u"limit"_s);
    m_limitNoteLine = m_lines.addBelow(m_limitNote);
    m_patternsLine = m_lines.add(tr("Patterns"), m_patterns, u"patterns"_s);
    m_patterns->setFont(widgets::monoFont(12));
    m_patterns->setPlaceholderText(tr("One a line"));
    m_mark->setObjectName(u"privacy.guardrail.mark"_s);
    m_patternState->setObjectName(u"privacy.guardrail.patternState"_s);
    m_patternState->setWordWrap(true);
    m_markLine = m_lines.addBelow(m_mark);
    m_patternStateLine = m_lines.addBelow(m_patternState);
    m_phrasesLine = m_lines.add(tr("Phrases"), m_phrases, u"phrases"_s);
    m_phrases->setPlaceholderText(tr("One a line, beside those built in"));
    m_thresholdLine = m_lines.add(tr("Threshold"), m_threshold, u"threshold"_s);
    m_threshold->setRange(0.05, 1);
    m_threshold->setSingleStep(0.05);
    m_threshold->setDecimals(2);
    m_threshold->setToolTip(tr("How sure it must be, up to 1. Higher: fewer false ones. Usual: 0.50"));
    m_schemaLine = m_lines.add(tr("Schema"), m_schema, u"schemaBox"_s);
    m_repairLine = m_lines.add(tr("Else"), m_repair, u"repair"_s);
    m_repair->setToolTip(tr("An answer that does not fit is asked for once more, with what is wrong with it; both are paid for"));
}

void GuardrailForm::makeWebhook()
{
    m_urlLine = m_lines.add(tr("Address"), m_url, u"url"_s);
    m_url->setPlaceholderText(u"http://127.0.0.1:5003/judge"_s);
    m_timeoutLine = m_lines.add(tr("Waits"), m_timeout, u"timeout"_s);
    m_timeout->setPlaceholderText(widgets::setting(Guardrail::standardTimeout));
    m_timeout->setToolTip(tr("How long a call waits for the verdict"));
    m_onFailureLine = m_lines.add(tr("If it fails"), m_onFailure, u"onFailure"_s);
    m_onFailure->addItem(tr("Block the call"), int(OnFailure::Block));
    m_onFailure->addItem(tr("Let the call through"), int(OnFailure::Allow));
    m_streamsLine = m_lines.add(tr("Streams"), m_streams, u"streams"_s);
    m_streams->addItem(tr("Pass as they come"), int(StreamWay::Check));
    m_streams->addItem(tr("Held until judged"), int(StreamWay::Hold));
    m_streamNoteLine = m_lines.addBelow(m_streamNote);
    m_keyLine = m_lines.add(tr("Signed with"), m_key, u"signingKey"_s);
    m_keyNoteLine = m_lines.addBelow(m_keyNote);
    m_keyNote->setText(tr("Questions carry an HMAC-SHA256 by this key in x-signalbox-signature. It is of this installation and this address, and is never shown or exported."));
}

void GuardrailForm::connectFields()
{
    connect(m_kind, &QComboBox::activated, this, [this] { Q_EMIT kindWanted(static_cast<Kind>(m_kind->currentData().toInt())); });
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("name of a guardrail"), [name = utf8(text.trimmed())](Guardrail &guardrail) { guardrail.name = name; }, u"name"_s); });
    connect(m_action, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("action"), [action = static_cast<GuardrailAction>(m_action->currentData().toInt())](Guardrail &guardrail) { guardrail.action = action; }, {}); });
    connect(m_looksAt, &QComboBox::activated, this, [this] {
        Q_EMIT edited(tr("what it looks at"), [what = static_cast<LooksAt>(m_looksAt->currentData().toInt())](Guardrail &guardrail) {
            guardrail.looksAt = what;
            if (!judgesStreams(guardrail))
                guardrail.streams = StreamWay::Check;
        }, {});
    });
    connect(m_limit, &widgets::CountField::valueEdited, this, [this] { Q_EMIT edited(tr("limit"), [limit = m_limit->value().value_or(0)](Guardrail &guardrail) { guardrail.limit = limit; }, u"limit"_s); });
    connect(m_patterns, &LinesField::linesEdited, this, [this] { Q_EMIT edited(tr("patterns"), [lines = bridge::utf8List(m_patterns->lines())](Guardrail &guardrail) { guardrail.patterns = lines; }, u"patterns"_s); });
    connect(m_phrases, &LinesField::linesEdited, this, [this] { Q_EMIT edited(tr("phrases"), [lines = bridge::utf8List(m_phrases->lines())](Guardrail &guardrail) { guardrail.phrases = lines; }, u"phrases"_s); });
    connect(m_threshold, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        if (m_filling)
            return;
        const auto threshold = qFuzzyCompare(value, gateway::config::standardThreshold) ? std::optional<double>() : std::optional(value);
        Q_EMIT edited(tr("threshold"), [threshold](Guardrail &guardrail) { guardrail.threshold = threshold; }, u"threshold"_s);
    });
    connect(m_schema, &JsonEdit::typed, this, [this](const std::string &json) { Q_EMIT edited(tr("schema"), [json](Guardrail &guardrail) { guardrail.schema.text = json; }, u"schema"_s); });
    connect(m_repair, &QCheckBox::clicked, this, [this](bool on) { Q_EMIT edited(on ? tr("asks once more") : tr("asks once"), [on](Guardrail &guardrail) { guardrail.repair = on; }, {}); });
}

void GuardrailForm::connectWebhook()
{
    connect(m_url, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("address"), [url = utf8(text.trimmed())](Guardrail &guardrail) { guardrail.url = url; }, u"url"_s); });
    connect(m_timeout, &widgets::DurationField::valueChanged, this, [this] {
        if (!m_filling)
            Q_EMIT edited(tr("how long it waits"), [timeout = m_timeout->value().value_or(Guardrail::standardTimeout)](Guardrail &guardrail) { guardrail.timeout = timeout; }, u"timeout"_s);
    });
    connect(m_onFailure, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("what happens if the service fails"), [failure = static_cast<OnFailure>(m_onFailure->currentData().toInt())](Guardrail &guardrail) { guardrail.onFailure = failure; }, {}); });
    connect(m_streams, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("what becomes of streams"), [way = static_cast<StreamWay>(m_streams->currentData().toInt())](Guardrail &guardrail) { guardrail.streams = way; }, {}); });
}

QString GuardrailForm::wrongIn(const Guardrail &guardrail)
{
    if (const auto wrong = firstWrong(guardrail.patterns))
        return wrong->second.text;
    return guardrail.kind == Kind::JsonSchema ? JsonEdit::problemOf(JsonEdit::Shape::Object, guardrail.schema.text) : QString();
}

void GuardrailForm::showPatterns(const Guardrail &guardrail, const QHash<QString, QString> &problems)
{
    m_patterns->setLines(bridge::qtList(guardrail.patterns));
    const auto wrong = firstWrong(guardrail.patterns);
    const QString problem = panes::problemOf(problems, u"patterns"_s);
    m_markLine.setVisible(wrong.has_value());
    if (wrong)
        m_mark->setProblem(wrong->first, wrong->second);
    if (wrong)
        m_patternState->setState(Icon::Error, Role::Err, wrong->second.text);
    else if (!problem.isEmpty())
        m_patternState->setState(Icon::Error, Role::Err, problem);
    else
        m_patternState->setState(Icon::Info, Role::Muted, guardrail.kind == Kind::Forbid ? tr("No text may match any of them (RE2)") : tr("Each must be matched somewhere (RE2)"));
    panes::markField(m_patterns, wrong ? wrong->second.text : problem);
}

void GuardrailForm::showLines(const Guardrail &guardrail)
{
    const Kind kind = guardrail.kind.value_or(Kind::MaxBytes);
    const bool limit = kind == Kind::MaxBytes || kind == Kind::MaxTokens, patterns = kind == Kind::Forbid || kind == Kind::Require, schema = kind == Kind::JsonSchema, webhook = kind == Kind::Webhook;
    m_looksAtLine.setVisible(patterns || webhook);
    for (const Line &line : {m_limitLine, m_limitNoteLine})
        line.setVisible(limit);
    for (const Line &line : {m_patternsLine, m_patternStateLine})
        line.setVisible(patterns);
    for (const Line &line : {m_phrasesLine, m_thresholdLine})
        line.setVisible(kind == Kind::Injection);
    m_schemaLine.setVisible(schema);
    m_repairLine.setVisible(schema && guardrail.action == GuardrailAction::Block);
    for (const Line &line : {m_urlLine, m_timeoutLine, m_onFailureLine, m_keyLine, m_keyNoteLine})
        line.setVisible(webhook);
    for (const Line &line : {m_streamsLine, m_streamNoteLine})
        line.setVisible(judgesStreams(guardrail));
}

void GuardrailForm::setEditable(bool editable)
{
    for (QLineEdit *field : std::initializer_list<QLineEdit *> {m_name, m_url, m_limit, m_timeout})
        field->setReadOnly(!editable);
    m_patterns->setReadOnly(!editable);
    m_phrases->setReadOnly(!editable);
    m_schema->setEditable(editable);
    for (QWidget *field : std::initializer_list<QWidget *> {m_kind, m_action, m_looksAt, m_streams, m_onFailure, m_threshold, m_repair})
        field->setEnabled(editable);
}

void GuardrailForm::show(const Guardrail &guardrail, bool editable, const QHash<QString, QString> &problems)
{
    m_filling = true;
    const Kind kind = guardrail.kind.value_or(Kind::MaxBytes);
    showLines(guardrail);
    panes::showChoice(m_kind, int(kind));
    m_kindNote->setText(kindMeaning(kind));
    panes::showText(m_name, qt(guardrail.name));
    m_name->setPlaceholderText(qt(toText(kind)));
    panes::showChoice(m_action, int(guardrail.action));
    m_actionNote->setText(actionMeaning(guardrail.action));
    panes::showChoice(m_looksAt, int(guardrail.looksAt));
    m_limit->setValue(guardrail.limit > 0 ? std::optional(guardrail.limit) : std::nullopt);
    m_limitNote->setText(kind == Kind::MaxTokens ? tr("tokens, estimated as budgets do it") : guardrail.limit > 0 ? tr("bytes, which is %1").arg(widgets::bytes(static_cast<std::uint64_t>(guardrail.limit))) : tr("bytes"));
    m_markLine.setVisible(false);
    if (kind == Kind::Forbid || kind == Kind::Require)
        showPatterns(guardrail, problems);
    m_phrases->setLines(bridge::qtList(guardrail.phrases));
    m_threshold->setValue(guardrail.threshold.value_or(gateway::config::standardThreshold));
    m_schema->setJson(guardrail.schema.text);
    m_repair->setChecked(guardrail.repair);
    panes::showText(m_url, qt(guardrail.url));
    m_shownUrl = qt(guardrail.url);
    m_key->setEnabled(!guardrail.url.empty());
    if (!m_timeout->hasFocus())
        m_timeout->setValue(guardrail.timeout == Guardrail::standardTimeout ? std::nullopt : std::optional(guardrail.timeout));
    panes::showChoice(m_onFailure, int(guardrail.onFailure));
    panes::showChoice(m_streams, int(guardrail.streams));
    m_streamNote->setText(guardrail.streams == StreamWay::Hold ? tr("Callers get nothing of a streamed answer before it has been judged.") : tr("A streamed answer passes, and is broken off at its end where it does not fit."));
    setEditable(editable);
    QHash<QString, QString> rest = problems;
    rest.removeIf([](QHash<QString, QString>::iterator problem) { return problem.key().startsWith(u"pattern"_s); }); // those stand below it
    const QString lines = panes::markFields(rest, {{m_name, u"name"_s}, {m_limit, u"limit"_s}, {m_phrases, u"phrases"_s}, {m_url, u"url"_s}, {m_timeout, u"timeout"_s}, {m_threshold, u"threshold"_s}, {m_streams, u"streams"_s}});
    m_problem->setVisible(!lines.isEmpty());
    m_problem->setText(lines);
    m_filling = false;
}

void GuardrailForm::focusFirst()
{
    for (QWidget *field : std::initializer_list<QWidget *> {m_limit, m_patterns, m_schema, m_url}) {
        if (!field->isVisibleTo(this))
            continue;
        QWidget *inner = field == m_schema ? field->findChild<QPlainTextEdit *>() : field;
        inner->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_action->setFocus(Qt::OtherFocusReason);
}

} // namespace ui::privacy
