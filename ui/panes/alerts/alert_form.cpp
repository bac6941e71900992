// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alert_form.h"

#include "gateway/api/gateway.h"
#include "ui/bridge/text.h"
#include "ui/panes/alerts/level_field.h"
#include "ui/panes/alerts/quiet_field.h"
#include "ui/panes/alerts/receivers_field.h"
#include "ui/panes/form_row.h"
#include "ui/panes/secret_line.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QRandomGenerator>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStandardItemModel>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::AlertDirection;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int labelWidth = 76;
constexpr int secretBytes = 32;

QComboBox *box()
{
    auto *made = new QComboBox;
    made->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    made->setMaxVisibleItems(20);
    return made;
}

QWidget *inRow(std::initializer_list<QWidget *> parts)
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    for (QWidget *part : parts)
        layout->addWidget(part, part == *parts.begin());
    return row;
}

LevelField::Reach reachOf(const AlertWhen &when)
{
    if (!isPartOfAll(when) || when.side == AlertSide::Deviates)
        return LevelField::Reach::Any;
    return when.side == AlertSide::Above ? LevelField::Reach::BelowWhole : LevelField::Reach::Whole;
}

/// Of 256 bits, from the system's own source.
QString freshSecret()
{
    std::array<quint32, secretBytes / sizeof(quint32)> words {};
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    return QString::fromLatin1(QByteArray(reinterpret_cast<const char *>(words.data()), secretBytes).toHex());
}

} // namespace

AlertForm::AlertForm(QWidget *parent)
    : QWidget(parent), m_lines(this, u"alerts.form"_s, labelWidth), m_name(new QLineEdit), m_metric(box()), m_scope(box()), m_subject(box()), m_side(box()), m_direction(box()), m_severity(box()), m_level(new LevelField), m_clear(new LevelField),
      m_days(new QSpinBox), m_window(new widgets::DurationField), m_holds(new widgets::DurationField), m_clearFor(new widgets::DurationField), m_repeat(new widgets::DurationField), m_minCalls(new widgets::CountField), m_receivers(new ReceiversField),
      m_secret(new panes::SecretLine), m_makeSecret(Button::iconOnly(Icon::Refresh, tr("Make a secret, and copy it"))), m_dropSecret(Button::iconOnly(Icon::Trash, tr("Sign no more"), nullptr, Button::Kind::Flat)), m_quiet(new QuietField),
      m_resolved(new QCheckBox(tr("Tell when it is over too"))), m_meaning(new Label(Label::Kind::Note)), m_problem(new Label(Label::Kind::Secondary))
{
    makeCondition();
    makeTimes();
    makeTelling();
    m_problem->setObjectName(u"alerts.form.problem"_s);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    m_lines.addAcross(m_problem);
    connectCondition();
    connectTimes();
    connectTelling();
}

void AlertForm::makeCondition()
{
    m_lines.add(tr("Name"), m_name, u"name"_s);
    m_lines.add(tr("Metric"), m_metric, u"metric"_s);
    for (const auto &info : gateway::config::alertMetrics())
        m_metric->addItem(metricTitle(info.metric), int(info.metric));
    m_lines.add(tr("Of each"), m_scope, u"scope"_s);
    for (const AlertScope scope : gateway::config::alertScopes)
        m_scope->addItem(scopeTitle(scope), int(scope));
    m_subject->setEditable(true);
    m_subject->setInsertPolicy(QComboBox::NoInsert);
    m_subjectLine = m_lines.add(tr("Only"), m_subject, u"subject"_s);
    m_sideLine = m_lines.add(tr("Fires if"), m_side, u"side"_s);
    m_side->addItem(tr("it is above"), int(AlertSide::Above));
    m_side->addItem(tr("it is below"), int(AlertSide::Below));
    m_side->addItem(tr("it is unusual for the hour"), int(AlertSide::Deviates));
    m_levelLine = m_lines.add(tr("Threshold"), m_level, u"level"_s);
    m_directionLine = m_lines.add(tr("Which way"), m_direction, u"direction"_s);
    m_direction->addItem(tr("Both"), int(AlertDirection::Both));
    m_direction->addItem(tr("Above what is usual"), int(AlertDirection::Up));
    m_direction->addItem(tr("Below what is usual"), int(AlertDirection::Down));
    m_days->setRange(3, 28);
    m_days->setToolTip(tr("How many days back the same hour is looked at"));
    m_daysLine = m_lines.add(tr("Days back"), m_days, u"days"_s);
    m_meaning->setObjectName(u"alerts.form.meaning"_s);
    m_meaning->setWordWrap(true);
    m_meaning->setRole(Role::Muted);
    m_lines.addBelow(m_meaning);
}

void AlertForm::makeTimes()
{
    m_windowLine = m_lines.add(tr("Within"), m_window, u"window"_s);
    m_window->setPlaceholderText(widgets::setting(AlertWhen::usualWindow));
    m_window->setToolTip(tr("The calls of how long are looked at, from 10 s to 24 h"));
    m_lines.add(tr("For"), m_holds, u"for"_s);
    m_holds->setPlaceholderText(tr("At once"));
    m_holds->setToolTip(tr("How long it must be so before it fires"));
    m_minCallsLine = m_lines.add(tr("Min. calls"), m_minCalls, u"minCalls"_s);
    m_minCalls->setPlaceholderText(tr("Any number"));
    m_minCalls->setToolTip(tr("With fewer calls within that time it is silent"));
    m_clear->setNeeded(false);
    m_clearLine = m_lines.add(tr("Over at"), m_clear, u"clear"_s);
    m_clear->setToolTip(tr("It is over once the value is back here, so that one that swings about the threshold does not come and go"));
    m_lines.add(tr("Over after"), m_clearFor, u"clearFor"_s);
    m_clearFor->setToolTip(tr("How long it must be well before it is over"));
}

void AlertForm::makeTelling()
{
    m_lines.add(tr("Severity"), m_severity, u"severity"_s);
    m_severity->setIconSize({16, 16});
    for (const AlertSeverity severity : {AlertSeverity::Info, AlertSeverity::Warning, AlertSeverity::Critical})
        m_severity->addItem(widgets::themedIcon(severityIcon(severity), severityRole(severity)), severityTitle(severity), int(severity));
    m_lines.add(tr("Tells"), m_receivers, u"receivers"_s);
    m_secret->setNothing(tr("Not signed"));
    m_secret->setAccessibleName(tr("Signing secret, hidden"));
    m_secret->setToolTip(tr("Webhooks of no known service are signed with it: x-signalbox-signature"));
    m_secretLine = m_lines.add(tr("Signed with"), inRow({m_secret, m_makeSecret, m_dropSecret}), u"signing"_s);
    m_secret->setObjectName(u"alerts.form.secret"_s);
    m_secret->setMinimumHeight(28);
    m_makeSecret->setObjectName(u"alerts.form.makeSecret"_s);
    m_dropSecret->setObjectName(u"alerts.form.dropSecret"_s);
    m_lines.add(tr("Quiet hours"), m_quiet, u"quiet"_s);
    m_lines.add(tr("Again after"), m_repeat, u"repeat"_s);
    m_repeat->setPlaceholderText(tr("Told once"));
    m_repeat->setToolTip(tr("Told again that often while it lasts and nobody has acknowledged it"));
    m_resolved->setObjectName(u"alerts.form.resolved"_s);
    m_lines.addBelow(m_resolved);
}

void AlertForm::editWhen(const QString &what, std::function<void(AlertWhen &)> change, const QString &merge)
{
    if (!m_filling)
        Q_EMIT edited(what, [change = std::move(change)](Alert &alert) { change(alert.when); }, merge);
}

void AlertForm::connectCondition()
{
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("name of an alert"), [name = utf8(text.trimmed())](Alert &alert) { alert.name = name; }, u"name"_s); });
    connect(m_metric, &QComboBox::activated, this, [this] { editWhen(tr("metric"), [metric = static_cast<AlertMetric>(m_metric->currentData().toInt())](AlertWhen &when) { setMetric(when, metric); }); });
    connect(m_scope, &QComboBox::activated, this, [this] { editWhen(tr("scope"), [scope = static_cast<AlertScope>(m_scope->currentData().toInt())](AlertWhen &when) { setScope(when, scope); }); });
    connect(m_subject, &QComboBox::activated, this, [this] { editWhen(tr("subject"), [name = utf8(m_subject->currentText().trimmed())](AlertWhen &when) { when.subject = name; }); });
    connect(m_subject->lineEdit(), &QLineEdit::textEdited, this, [this](const QString &text) { editWhen(tr("subject"), [name = utf8(text.trimmed())](AlertWhen &when) { when.subject = name; }, u"subject"_s); });
    connect(m_side, &QComboBox::activated, this, [this] { editWhen(tr("comparison"), [side = static_cast<AlertSide>(m_side->currentData().toInt())](AlertWhen &when) { setSide(when, side); }); });
    connect(m_level, &LevelField::levelEdited, this, [this] { editWhen(tr("threshold"), [level = m_level->level().value_or(0)](AlertWhen &when) { when.threshold = level; }, u"level"_s); });
    connect(m_direction, &QComboBox::activated, this, [this] { editWhen(tr("direction"), [direction = static_cast<AlertDirection>(m_direction->currentData().toInt())](AlertWhen &when) { when.direction = direction; }); });
    connect(m_days, &QSpinBox::valueChanged, this, [this](int days) { editWhen(tr("days back"), [days](AlertWhen &when) { when.days = days; }, u"days"_s); });
}

void AlertForm::connectTimes()
{
    using widgets::DurationField;
    connect(m_window, &DurationField::valueChanged, this, [this] { editWhen(tr("window"), [window = m_window->value()](AlertWhen &when) { when.window = window; }, u"window"_s); });
    connect(m_holds, &DurationField::valueChanged, this, [this] { editWhen(tr("how long"), [holds = m_holds->value()](AlertWhen &when) { when.holds = holds.value_or(gateway::config::Millis {0}); }, u"for"_s); });
    connect(m_minCalls, &widgets::CountField::valueEdited, this, [this] { editWhen(tr("minimum of calls"), [calls = m_minCalls->value()](AlertWhen &when) { when.minCalls = calls.value_or(0); }, u"minCalls"_s); });
    connect(m_clear, &LevelField::levelEdited, this, [this] { editWhen(tr("where it is over"), [clear = m_clear->level()](AlertWhen &when) { when.clear = clear; }, u"clear"_s); });
    connect(m_clearFor, &DurationField::valueChanged, this, [this] { editWhen(tr("when it is over"), [time = m_clearFor->value()](AlertWhen &when) { when.clearFor = time; }, u"clearFor"_s); });
    connect(m_repeat, &DurationField::valueChanged, this, [this] {
        if (!m_filling)
            Q_EMIT edited(tr("repetition"), [repeat = m_repeat->value()](Alert &alert) { alert.repeat = repeat; }, u"repeat"_s);
    });
    for (QLineEdit *field : std::initializer_list<QLineEdit *> {m_level, m_clear, m_window, m_holds, m_clearFor, m_repeat, m_minCalls})
        connect(field, &QLineEdit::textEdited, this, &AlertForm::typed);
}

void AlertForm::connectTelling()
{
    connect(m_severity, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("severity"), [severity = static_cast<AlertSeverity>(m_severity->currentData().toInt())](Alert &alert) { alert.severity = severity; }, {}); });
    connect(m_receivers, &ReceiversField::edited, this, [this](const QString &merge) { Q_EMIT edited(tr("who is told"), [receivers = m_receivers->receivers()](Alert &alert) { alert.notify = receivers; }, merge); });
    connect(m_quiet, &QuietField::edited, this, [this](const QString &merge) { Q_EMIT edited(tr("quiet hours"), [quiet = m_quiet->quiet()](Alert &alert) { alert.quiet = quiet; }, merge); });
    connect(m_resolved, &QCheckBox::clicked, this, [this](bool on) { Q_EMIT edited(tr("telling when it is over"), [on](Alert &alert) { alert.tellResolved = on; }, {}); });
    connect(m_secret, &QLineEdit::textEdited, this, [this](const QString &text) { Q_EMIT edited(tr("signing secret"), [secret = utf8(text)](Alert &alert) { alert.secret.value = secret; }, u"secret"_s); });
    connect(m_makeSecret, &QPushButton::clicked, this, [this] {
        const QString secret = freshSecret();
        Q_EMIT edited(tr("signing secret"), [secret = utf8(secret)](Alert &alert) { alert.secret.value = secret; }, {});
        Q_EMIT secretMade(secret);
    });
    connect(m_dropSecret, &QPushButton::clicked, this, [this] { Q_EMIT edited(tr("signing secret"), [](Alert &alert) { alert.secret = {}; }, {}); });
}

void AlertForm::showCondition(const Config &config, const AlertWhen &when)
{
    const bool deviates = when.side == AlertSide::Deviates, circuit = when.metric == AlertMetric::CircuitOpen;
    panes::showChoice(m_metric, int(when.metric));
    auto *scopes = qobject_cast<QStandardItemModel *>(m_scope->model());
    for (int i = 0; i < m_scope->count(); ++i)
        scopes->item(i)->setEnabled(mayScope(when.metric, static_cast<AlertScope>(m_scope->itemData(i).toInt())));
    panes::showChoice(m_scope, int(when.scope));
    auto *sides = qobject_cast<QStandardItemModel *>(m_side->model());
    sides->item(m_side->findData(int(AlertSide::Deviates)))->setEnabled(mayDeviate(when));
    panes::showChoice(m_side, when.side ? int(*when.side) : -1);
    panes::showChoice(m_direction, int(when.direction));
    m_days->setValue(when.days);
    m_subjectLine.setVisible(when.scope != AlertScope::Organisation);
    m_sideLine.setVisible(!circuit);
    m_levelLine.setVisible(!circuit);
    m_directionLine.setVisible(deviates);
    m_daysLine.setVisible(deviates);
    m_clearLine.setVisible(!circuit);
    if (auto *label = qobject_cast<QLabel *>(m_levelLine.label))
        label->setText(deviates ? tr("Deviations") : tr("Threshold"));
    const AlertUnit unit = deviates ? AlertUnit::Count : unitOf(when);
    m_level->setReach(reachOf(when));
    m_clear->setReach(reachOf(when) == LevelField::Reach::Any ? LevelField::Reach::Any : LevelField::Reach::Whole);
    m_level->setLevel(when.threshold, unit);
    m_clear->setLevel(when.clear, unit);
    m_clear->setPlaceholderText(when.side ? valueText(AlertWhen(when).clearLevel(), unit) : QString());
    const QStringList names = knownSubjects(config, when.scope);
    if (names != m_offered || when.scope != m_offeredScope) {
        m_offered = names;
        m_offeredScope = when.scope;
        const QSignalBlocker quiet(m_subject);
        m_subject->clear();
        m_subject->addItem(QString());
        m_subject->addItems(names);
    }
    m_subject->lineEdit()->setPlaceholderText(eachOf(when.scope));
    panes::showText(m_subject->lineEdit(), qt(when.subject));
    m_meaning->setText(ruleText(when));
}

void AlertForm::showTimes(const Alert &alert)
{
    const AlertWhen &when = alert.when;
    const bool ofCalls = gateway::config::infoOf(when.metric).ofCalls;
    const auto show = [](widgets::DurationField *field, const std::optional<gateway::config::Millis> &value) {
        if (!field->hasFocus() || value != field->value())
            field->setValue(value);
    };
    m_windowLine.setVisible(ofCalls);
    m_minCallsLine.setVisible(ofCalls);
    show(m_window, when.window);
    show(m_holds, when.holds.count() > 0 ? std::optional(when.holds) : std::nullopt);
    show(m_clearFor, when.clearFor);
    m_clearFor->setPlaceholderText(widgets::setting(AlertWhen {.holds = when.holds}.clearHolds()));
    show(m_repeat, alert.repeat);
    m_minCalls->setValue(when.minCalls > 0 ? std::optional(when.minCalls) : std::nullopt);
}

void AlertForm::showTelling(const Config &config, const Alert &alert, bool editable, const QHash<QString, QString> &problems)
{
    panes::showChoice(m_severity, int(alert.severity));
    m_receivers->show(alert.notify, editable, problems);
    const bool stored = gateway::api::Gateway::isMasked(alert.secret.value);
    const bool signs = std::ranges::find(alert.notify, NotifyKind::Webhook, &Notify::kind) != alert.notify.end();
    m_secretLine.setVisible(signs || !alert.secret.empty());
    m_secret->setSecret(qt(alert.secret.value), stored);
    m_makeSecret->setVisible(editable);
    m_dropSecret->setVisible(editable && !alert.secret.empty());
    m_quiet->show(alert.quiet, editable, qt(config.gateway.timeZone));
    m_resolved->setChecked(alert.tellResolved);
}

void AlertForm::setEditable(bool editable)
{
    for (QLineEdit *field : std::initializer_list<QLineEdit *> {m_name, m_level, m_clear, m_window, m_holds, m_clearFor, m_repeat, m_minCalls, m_secret})
        field->setReadOnly(!editable);
    for (QWidget *field : std::initializer_list<QWidget *> {m_metric, m_scope, m_subject, m_side, m_direction, m_days, m_severity, m_resolved})
        field->setEnabled(editable);
}

void AlertForm::showProblems(const Alert &alert, const QHash<QString, QString> &problems)
{
    const QString side = alert.when.side == AlertSide::Below ? u"when.below"_s : alert.when.side == AlertSide::Deviates ? u"when.deviates"_s : u"when.above"_s;
    QHash<QString, QString> told = problems;
    if (const auto clear = told.find(u"when.clear"_s); clear != told.end()) // in the form it has no name such as `clear`
        *clear = alert.when.side == AlertSide::Below ? tr("Must not be lower than the threshold") : tr("Must not be higher than the threshold");
    const QString lines = panes::markFields(told, {{m_name, u"name"_s}, {m_scope, u"when.scope"_s}, {m_subject, u"when.subject"_s}, {m_level, side}, {m_direction, u"when.direction"_s}, {m_days, u"when.days"_s}, {m_window, u"when.window"_s},
                                                       {m_holds, u"when.for"_s}, {m_minCalls, u"when.min_calls"_s}, {m_clear, u"when.clear"_s}, {m_clearFor, u"when.clear_for"_s}, {m_repeat, u"repeat"_s}, {m_secret, u"secret"_s}});
    m_problem->setVisible(!lines.isEmpty());
    m_problem->setText(lines);
}

void AlertForm::show(const Config &config, const Alert &alert, bool editable, const QHash<QString, QString> &problems)
{
    m_filling = true;
    if (std::exchange(m_shown, alert.name) != alert.name && !m_name->hasFocus()) { // what was wrong in another's is not this one's
        widgets::setInvalid(m_level, {});
        widgets::setInvalid(m_clear, {});
    }
    panes::showText(m_name, qt(alert.name));
    showCondition(config, alert.when);
    showTimes(alert);
    showTelling(config, alert, editable, problems);
    setEditable(editable);
    showProblems(alert, problems);
    m_filling = false;
}

void AlertForm::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

QString AlertForm::typedWrong() const
{
    for (const QLineEdit *field : std::initializer_list<const QLineEdit *> {m_level, m_clear, m_window, m_holds, m_clearFor, m_repeat, m_minCalls}) {
        if (field->isVisibleTo(this) && widgets::isInvalid(field))
            return tr("%1: %2").arg(field->accessibleName(), field->accessibleDescription());
    }
    return {};
}

} // namespace ui::alerts
