// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rule_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/detector_words.h"
#include "ui/panes/form_row.h"
#include "ui/panes/lines_field.h"
#include "ui/panes/privacy/pattern_mark.h"
#include "ui/panes/privacy/policy_edit.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStandardItemModel>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::OnFailure;
using panes::DetectorGroup;
using panes::detectorTitle;
using panes::DetectorWords;
using panes::detectorWords;
using panes::findDetector;
using panes::groupTitle;
using panes::LinesField;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int labelWidth = 72;
constexpr int allowLines = 3, wordLines = 8;

} // namespace

RuleForm::RuleForm(QWidget *parent)
    : QWidget(parent), m_lines(this, u"privacy.rule"_s, labelWidth), m_name(new QLineEdit), m_pattern(new QLineEdit), m_url(new QLineEdit), m_detector(new QComboBox), m_action(new QComboBox), m_onFailure(new QComboBox),
      m_words(new LinesField(wordLines)), m_allow(new LinesField(allowLines)), m_entities(new widgets::NamesField), m_context(new widgets::NamesField), m_regions(new widgets::NamesField), m_threshold(new QDoubleSpinBox),
      m_mark(new PatternMark), m_patternState(new widgets::StateLabel), m_wordCount(new Label(Label::Kind::Note)), m_meaning(new Label(Label::Kind::Note)), m_problem(new Label(Label::Kind::Secondary))
{
    makeOwnFields();
    makeCommonFields();
    connectFields();
}

void RuleForm::makeOwnFields()
{
    m_nameLine = m_lines.add(tr("Name"), m_name, u"name"_s);
    m_name->setMaxLength(32);
    m_name->setToolTip(tr("Placeholders are named after it: ticket gives <TICKET_1>"));
    m_lines.add(tr("Detector"), m_detector, u"detector"_s);
    m_detector->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_detector->setMaxVisibleItems(24);
    m_patternLine = m_lines.add(tr("Pattern"), m_pattern, u"pattern"_s, widgets::ProblemWords::Elsewhere); // with the place in it
    m_pattern->setFont(widgets::monoFont(12));
    m_pattern->setPlaceholderText(u"TCK-[0-9]{6}"_s);
    m_mark->setObjectName(u"privacy.rule.mark"_s);
    m_patternState->setObjectName(u"privacy.rule.patternState"_s);
    m_patternState->setWordWrap(true);
    m_markLine = m_lines.addBelow(m_mark);
    m_patternStateLine = m_lines.addBelow(m_patternState);
    m_wordsLine = m_lines.add(tr("Words"), m_words, u"words"_s);
    m_words->setPlaceholderText(tr("One a line"));
    m_wordCount->setWordWrap(true);
    m_wordCountLine = m_lines.addBelow(m_wordCount);
    m_urlLine = m_lines.add(tr("Address"), m_url, u"url"_s);
    m_url->setPlaceholderText(u"http://127.0.0.1:5002/analyze"_s);
    m_url->setToolTip(tr("A service that speaks Presidio's analyzer API"));
    m_entitiesLine = m_lines.add(tr("Entities"), m_entities, u"entities"_s);
    m_entities->setPlaceholderText(tr("All that it finds"));
    m_entities->setToolTip(tr("Such as PERSON, LOCATION, with commas between"));
    m_onFailureLine = m_lines.add(tr("If it fails"), m_onFailure, u"onFailure"_s);
    m_onFailure->addItem(tr("Block the call"), int(OnFailure::Block));
    m_onFailure->addItem(tr("Let the call through"), int(OnFailure::Allow));
}

void RuleForm::makeCommonFields()
{
    m_lines.add(tr("Action"), m_action, u"action"_s);
    m_action->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_action->setIconSize({16, 16});
    for (const Action action : allActions) {
        m_action->addItem(widgets::themedIcon(actionIcon(action), actionRole(action)), actionSentence(action), int(action));
        m_action->setItemData(m_action->count() - 1, actionMeaning(action), Qt::ToolTipRole);
    }
    m_meaning->setWordWrap(true);
    m_meaning->setRole(Role::Muted);
    m_lines.addBelow(m_meaning);
    m_lines.add(tr("Threshold"), m_threshold, u"threshold"_s);
    m_threshold->setRange(0, 1);
    m_threshold->setSingleStep(0.05);
    m_threshold->setDecimals(2);
    m_threshold->setToolTip(tr("How sure a finding must be, 0 to 1. Higher: fewer false ones. Usual: 0.50"));
    m_contextLine = m_lines.add(tr("Context"), m_context, u"context"_s);
    m_context->setPlaceholderText(tr("Words that make it likelier"));
    m_context->setToolTip(tr("A finding beside one of these words is surer. With commas between"));
    m_regionsLine = m_lines.add(tr("Regions"), m_regions, u"regions"_s);
    m_regions->setPlaceholderText(tr("All, or such as DE, FR"));
    m_lines.add(tr("Allow"), m_allow, u"allow"_s);
    m_allow->setPlaceholderText(tr("Let through, one a line:\nsupport@example.org\n*@example.org"));
    m_problem->setObjectName(u"privacy.rule.problem"_s);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    m_lines.addAcross(m_problem);
}

void RuleForm::connectFields()
{
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("name of a rule"), [name = utf8(text.trimmed())](Rule &rule) { rule.name = name; }, u"name"_s); });
    connect(m_detector, &QComboBox::activated, this, [this] { Q_EMIT detectorWanted(m_detector->currentData().toString()); });
    connect(m_pattern, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("pattern"), [pattern = utf8(text)](Rule &rule) { rule.pattern = pattern; }, u"pattern"_s); });
    connect(m_words, &LinesField::linesEdited, this, [this] { Q_EMIT edited(tr("words"), [words = bridge::utf8List(m_words->lines())](Rule &rule) { rule.words = words; }, u"words"_s); });
    connect(m_url, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("address"), [url = utf8(text.trimmed())](Rule &rule) { rule.url = url; }, u"url"_s); });
    connect(m_entities, &widgets::NamesField::namesEdited, this, [this] { Q_EMIT edited(tr("entities"), [names = bridge::utf8List(m_entities->names())](Rule &rule) { rule.entities = names; }, u"entities"_s); });
    connect(m_onFailure, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("what happens if the service fails"), [failure = static_cast<OnFailure>(m_onFailure->currentData().toInt())](Rule &rule) { rule.onFailure = failure; }, {}); });
    connect(m_action, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("action"), [action = static_cast<Action>(m_action->currentData().toInt())](Rule &rule) { rule.action = action; }, {}); });
    connect(m_threshold, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        if (m_filling)
            return;
        const auto threshold = qFuzzyCompare(value, gateway::config::standardThreshold) ? std::optional<double>() : std::optional(value);
        Q_EMIT edited(tr("threshold"), [threshold](Rule &rule) { rule.threshold = threshold; }, u"threshold"_s);
    });
    connect(m_context, &widgets::NamesField::namesEdited, this, [this] { Q_EMIT edited(tr("context"), [names = bridge::utf8List(m_context->names())](Rule &rule) { rule.context = names; }, u"context"_s); });
    connect(m_regions, &widgets::NamesField::namesEdited, this, [this] {
        QStringList names = m_regions->names();
        for (QString &name : names)
            name = name.toUpper();
        Q_EMIT edited(tr("regions"), [names = bridge::utf8List(names)](Rule &rule) { rule.regions = names; }, u"regions"_s);
    });
    connect(m_allow, &LinesField::linesEdited, this, [this] { Q_EMIT edited(tr("allowed texts"), [allow = bridge::utf8List(m_allow->lines())](Rule &rule) { rule.allow = allow; }, u"allow"_s); });
}

/// Group by group; what the policy has already is there, but cannot be chosen.
void RuleForm::fillDetectors(const Policy &policy, const std::string &chosen)
{
    QStringList offered {qt(chosen)};
    for (const DetectorWords &words : detectorWords()) {
        if (chosen != words.id && !mayAdd(policy, words.id))
            offered << QString::fromLatin1(words.id);
    }
    if (offered == m_offered)
        return; // an open list stays as it is
    m_offered = offered;
    const QSignalBlocker quiet(m_detector);
    m_detector->clear();
    auto *model = qobject_cast<QStandardItemModel *>(m_detector->model());
    std::optional<DetectorGroup> group;
    for (const DetectorWords &words : detectorWords()) {
        if (group != words.group) {
            group = words.group;
            m_detector->addItem(groupTitle(words.group));
            QStandardItem *heading = model->item(m_detector->count() - 1);
            heading->setEnabled(false);
            heading->setFont(widgets::textFont(11, QFont::DemiBold));
        }
        m_detector->addItem(detectorTitle(words.id), QString::fromLatin1(words.id));
        if (offered.indexOf(QString::fromLatin1(words.id)) > 0) {
            model->item(m_detector->count() - 1)->setEnabled(false);
            m_detector->setItemData(m_detector->count() - 1, tr("The policy has a rule for this already"), Qt::ToolTipRole);
        }
    }
    if (!findDetector(chosen))
        m_detector->addItem(qt(chosen), qt(chosen));
    m_detector->setCurrentIndex(m_detector->findData(qt(chosen)));
}

void RuleForm::showPattern(const QString &pattern, const QString &problem)
{
    const auto wrong = pattern.isEmpty() ? std::nullopt : checkPattern(pattern);
    m_markLine.setVisible(wrong.has_value());
    if (wrong)
        m_mark->setProblem(pattern, *wrong);
    if (pattern.isEmpty())
        m_patternState->setState(Icon::Info, Role::Muted, tr("RE2's syntax, runs in linear time"));
    else if (wrong)
        m_patternState->setState(Icon::Error, Role::Err, wrong->text);
    else if (!problem.isEmpty())
        m_patternState->setState(Icon::Error, Role::Err, problem);
    else
        m_patternState->setState(Icon::Ok, Role::Ok, tr("valid, linear time (RE2)"));
    panes::markField(m_pattern, wrong ? wrong->text : problem);
}

void RuleForm::show(const Policy &policy, const Rule &rule, bool editable, const QHash<QString, QString> &problems)
{
    m_filling = true;
    const bool regex = rule.detect == "regex", dictionary = rule.detect == "dictionary", external = rule.detect == "external";
    const DetectorWords *known = findDetector(rule.detect);
    fillDetectors(policy, rule.detect);
    m_nameLine.setVisible(rule.isOwn());
    m_patternLine.setVisible(regex);
    m_patternStateLine.setVisible(regex);
    m_markLine.setVisible(false);
    m_wordsLine.setVisible(dictionary);
    m_wordCountLine.setVisible(dictionary);
    for (const Line &line : {m_urlLine, m_entitiesLine, m_onFailureLine})
        line.setVisible(external);
    m_contextLine.setVisible(!external);
    m_regionsLine.setVisible((known && known->regional) || !rule.regions.empty());
    panes::showText(m_name, qt(rule.name));
    if (m_pattern->text() != qt(rule.pattern))
        m_pattern->setText(qt(rule.pattern)); // blanks count
    if (regex)
        showPattern(qt(rule.pattern), panes::problemOf(problems, u"pattern"_s));
    m_words->setLines(bridge::qtList(rule.words));
    m_wordCount->setText(rule.words.empty() ? tr("Whole words, whatever their case") : tr("%1 of at most %2, whole words, whatever their case").arg(widgets::count(rule.words.size()), widgets::count(gateway::config::mostWords)));
    panes::showText(m_url, qt(rule.url));
    m_entities->setNames(bridge::qtList(rule.entities));
    panes::showChoice(m_onFailure, int(rule.onFailure));
    panes::showChoice(m_action, int(rule.action));
    m_meaning->setText(actionMeaning(rule.action));
    m_threshold->setValue(rule.threshold.value_or(gateway::config::standardThreshold));
    m_context->setNames(bridge::qtList(rule.context));
    m_regions->setNames(bridge::qtList(rule.regions));
    m_allow->setLines(bridge::qtList(rule.allow));
    for (QLineEdit *field : std::initializer_list<QLineEdit *> {m_name, m_pattern, m_url, m_entities, m_context, m_regions})
        field->setReadOnly(!editable);
    m_words->setReadOnly(!editable);
    m_allow->setReadOnly(!editable);
    for (QWidget *field : std::initializer_list<QWidget *> {m_detector, m_action, m_onFailure, m_threshold})
        field->setEnabled(editable);
    QHash<QString, QString> rest = problems;
    rest.removeIf([](QHash<QString, QString>::iterator problem) { return problem.key().startsWith(u"pattern"_s); }); // those stand below it
    const QString lines = panes::markFields(rest, {{m_name, u"name"_s}, {m_words, u"words"_s}, {m_url, u"url"_s}, {m_entities, u"entities"_s}, {m_context, u"context"_s}, {m_regions, u"regions"_s}, {m_allow, u"allow"_s}});
    m_problem->setVisible(!lines.isEmpty());
    m_problem->setText(lines);
    m_filling = false;
}

void RuleForm::focusFirst()
{
    QWidget *first = m_action;
    if (m_pattern->isVisibleTo(this))
        first = m_pattern;
    else if (m_words->isVisibleTo(this))
        first = m_words;
    else if (m_url->isVisibleTo(this))
        first = m_url;
    first->setFocus(Qt::OtherFocusReason);
}

} // namespace ui::privacy
