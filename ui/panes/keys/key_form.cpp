// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/key_form.h"

#include "ui/bridge/text.h"
#include "ui/panes/keys/call_additions.h"
#include "ui/panes/policy_box.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/problem_note.h"
#include "ui/widgets/states.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::Permission;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr int formWidth = 900;    // two columns: the whole form stands on 1024 by 640
constexpr int modelsHeight = 148;
constexpr int modelHeight = 26;
constexpr int fieldHeight = 28;

void addField(QGridLayout *grid, const QString &label, QWidget *field, const QString &note = {})
{
    const int row = grid->rowCount();
    auto *text = new Label(Label::Kind::Field, label);
    text->setBuddy(field);
    text->setFixedHeight(fieldHeight); // in line with the field's first line
    grid->addWidget(text, row, 0, Qt::AlignRight | Qt::AlignTop);
    grid->addLayout(widgets::withProblemNote(field), row, 1);
    if (!note.isEmpty()) {
        auto *words = new Label(Label::Kind::Note, note);
        words->setWordWrap(true);
        grid->addWidget(words, row + 1, 1);
    }
}

QGridLayout *newGrid()
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    return grid;
}

QWidget *sideBySide(std::initializer_list<QWidget *> parts)
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    column->addLayout(row);
    for (QWidget *part : parts) {
        row->addWidget(part, part == *(parts.end() - 1) ? 1 : 0);
        column->addWidget(widgets::makeProblemNote(part));
    }
    return box;
}

/// The rule of all calls that a form shows, where there is one: those of one API's calls alone are in Budgets and limits.
template <typename Rules>
auto firstOf(Rules &rules)
{
    return std::ranges::find_if(rules, [](const auto &rule) { return rule.endpoint.empty(); });
}

} // namespace

KeyForm::KeyForm(const gateway::config::Config &config, const gateway::config::VirtualKey *edited, QWidget *parent)
    : Dialog(Icon::Key, widgets::Role::Accent, edited ? tr("Change key \"%1\"").arg(qt(edited->name)) : tr("New key"), parent),
      m_name(new QLineEdit), m_team(new QComboBox), m_privacy(new QComboBox), m_allModels(new QCheckBox(tr("Every model"))), m_models(new QListWidget),
      m_expires(new QCheckBox(tr("on"))), m_expiry(new QDateEdit(QDate::currentDate().addMonths(6))), m_networks(new widgets::NamesField), m_mayCall(new QCheckBox(tr("Call models"))),
      m_mayPassthrough(new QCheckBox(tr("Use providers' own APIs"))), m_mayReadLog(new QCheckBox(tr("Read its own calls in the log"))), m_additions(new CallAdditions(config, this)), m_budget(new widgets::MoneyField), m_per(new QComboBox), m_rpm(new widgets::CountField), m_tpm(new widgets::CountField), m_tpd(new widgets::CountField), m_parallel(new widgets::CountField),
      m_expiryNote(new Label(Label::Kind::Note)), m_quotaNote(new Label(Label::Kind::Note)), m_problem(new widgets::SectionBanner)
{
    setObjectName(u"keys.form"_s);
    setSubtitle(edited ? tr("Takes effect with the next call.") : tr("A program's own key for Signalbox; providers never see it."));
    setUpFields(config, edited ? edited->privacy : std::string());
    if (edited)
        fill(*edited);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(Button::Kind::Primary, edited ? tr("Save") : tr("Create key"));
    m_submit->setObjectName(u"keys.form.submit"_s);
    m_submit->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, &KeyForm::submitted);
    connect(m_name, &QLineEdit::textChanged, this, &KeyForm::validate);
    connect(m_allModels, &QCheckBox::toggled, m_models, &QWidget::setDisabled);
    connect(m_allModels, &QCheckBox::toggled, this, &KeyForm::validate);
    connect(m_models, &QListWidget::itemChanged, this, &KeyForm::validate);
    for (QCheckBox *permission : {m_mayCall, m_mayPassthrough, m_mayReadLog})
        connect(permission, &QCheckBox::toggled, this, &KeyForm::validate);
    connect(m_additions, &CallAdditions::edited, this, &KeyForm::validate);
    for (QLineEdit *field : std::initializer_list<QLineEdit *> {m_name, m_budget, m_rpm, m_tpm, m_tpd, m_parallel, m_networks}) {
        connect(field, &QLineEdit::textEdited, this, [this, field] {
            if (field == m_name || field == m_networks)
                widgets::setInvalid(field, {}); // the gateway had said so of what stood there before
            validate();
        });
    }
    connect(m_expires, &QCheckBox::toggled, m_expiry, &QWidget::setEnabled);
    connect(m_expires, &QCheckBox::toggled, this, &KeyForm::showExpiry);
    connect(m_expiry, &QDateEdit::dateChanged, this, &KeyForm::showExpiry);
    showExpiry();
    validate();
    m_name->setFocus();
}

void KeyForm::setUpFields(const gateway::config::Config &config, const std::string &policy)
{
    setMinimumWidth(formWidth);
    m_name->setObjectName(u"keys.form.name"_s);
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("search-backend"));
    m_team->setObjectName(u"keys.form.team"_s);
    m_team->setAccessibleName(tr("Team"));
    m_team->setEditable(true);
    m_team->setInsertPolicy(QComboBox::NoInsert);
    for (const gateway::config::Team &team : config.teams)
        m_team->addItem(qt(team.name));
    m_team->setCurrentText({});
    m_team->lineEdit()->setPlaceholderText(tr("none"));
    m_models->setObjectName(u"keys.form.models"_s);
    m_models->setAccessibleName(tr("Models that the key may use"));
    m_models->setFixedHeight(modelsHeight);
    for (const gateway::config::Route &route : config.routes) {
        auto *item = new QListWidgetItem(qt(route.name), m_models);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
        item->setCheckState(Qt::Unchecked);
        item->setSizeHint({0, modelHeight});
    }
    m_allModels->setObjectName(u"keys.form.allModels"_s);
    m_allModels->setChecked(true);
    m_models->setEnabled(false);
    m_expires->setAccessibleName(tr("Expires"));
    m_expiry->setCalendarPopup(true);
    m_expiry->setDisplayFormat(u"d MMM yyyy"_s);
    m_expiry->setEnabled(false);
    m_expiry->setMinimumDate(QDate::currentDate());
    m_networks->setObjectName(u"keys.form.networks"_s);
    m_networks->setAccessibleName(tr("Allowed networks"));
    m_networks->setPlaceholderText(tr("anywhere"));

    m_mayCall->setObjectName(u"keys.form.mayCall"_s);
    m_mayCall->setChecked(true);
    m_mayPassthrough->setObjectName(u"keys.form.mayPassthrough"_s);
    m_mayPassthrough->setToolTip(tr("Below /passthrough, with the provider's credential put in."));
    m_mayReadLog->setObjectName(u"keys.form.mayReadLog"_s);
    m_mayReadLog->setToolTip(tr("GET /v1/calls: what it asked, what was answered, and what it cost."));

    m_privacy->setObjectName(u"keys.form.privacy"_s);
    m_privacy->setAccessibleName(tr("Privacy policy"));
    m_privacy->setToolTip(tr("What is looked for in the texts of its calls. Its team's policy holds where it has none, then the route's."));
    panes::fillPolicies(m_privacy, config, policy, tr("as its team or the route"));
    m_privacy->setParent(this); // where there is no policy, it has no line
    m_privacy->setVisible(m_privacy->count() > 1);

    setUpQuota();
    auto *who = newGrid();
    addField(who, tr("Name"), m_name);
    addField(who, tr("Team"), m_team, tr("A new name makes a new team."));
    addField(who, tr("Models"), m_allModels);
    addField(who, {}, m_models);
    addField(who, tr("May"), m_mayCall);
    addField(who, {}, m_mayPassthrough);
    addField(who, {}, m_mayReadLog);
    addField(who, tr("Networks"), m_networks, tr("Addresses or networks that the key works from, such as 10.0.0.0/8, with commas between."));
    who->setRowStretch(who->rowCount(), 1);
    auto *rules = newGrid();
    addField(rules, tr("Budget"), sideBySide({m_per, m_budget}));
    addField(rules, tr("Limits"), sideBySide({m_rpm, m_parallel}));
    addField(rules, {}, sideBySide({m_tpm, m_tpd}));
    m_quotaNote->setWordWrap(true);
    rules->addWidget(m_quotaNote, rules->rowCount(), 1);
    if (m_privacy->count() > 1)
        addField(rules, tr("Privacy"), m_privacy);
    addField(rules, tr("Expires"), sideBySide({m_expires, m_expiry}));
    rules->addWidget(m_expiryNote, rules->rowCount(), 1);
    m_additions->addTo([rules](const QString &label, QWidget *field, const QString &note) { addField(rules, label, field, note); });
    rules->setRowStretch(rules->rowCount(), 1);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(28);
    columns->addLayout(who, 1);
    columns->addLayout(rules, 1);
    body()->addLayout(columns);
    m_problem->hide();
    body()->addWidget(m_problem);
}

void KeyForm::setUpQuota()
{
    using gateway::Period;
    m_budget->setObjectName(u"keys.form.budget"_s);
    m_budget->setAccessibleName(tr("Budget in dollars"));
    m_budget->setPlaceholderText(tr("dollars; empty: no cap of its own"));
    m_per->setObjectName(u"keys.form.per"_s);
    m_per->setAccessibleName(tr("Budget's period"));
    for (const Period period : {Period::Hour, Period::Day, Period::Week, Period::Month, Period::Total})
        m_per->addItem(panes::perWords(period), static_cast<int>(period));
    m_per->setCurrentIndex(m_per->findData(static_cast<int>(Period::Month)));
    const auto set = [](widgets::CountField *field, const QString &name, const QString &words, const QString &hint) {
        field->setObjectName(u"keys.form."_s + name);
        field->setAccessibleName(words);
        field->setToolTip(words);
        field->setPlaceholderText(hint);
    };
    set(m_rpm, u"rpm"_s, tr("Requests a minute"), tr("requests / min"));
    set(m_tpm, u"tpm"_s, tr("Tokens a minute"), tr("tokens / min"));
    set(m_tpd, u"tpd"_s, tr("Tokens a day"), tr("tokens / day"));
    set(m_parallel, u"parallel"_s, tr("Parallel calls"), tr("parallel"));
    showQuota();
}

void KeyForm::showQuota()
{
    const auto budget = firstOf(m_quota.budgets);
    const auto limit = firstOf(m_quota.limits);
    if (budget != m_quota.budgets.end()) {
        m_budget->setValue(budget->amount);
        m_per->setCurrentIndex(m_per->findData(static_cast<int>(budget->per)));
    }
    if (limit != m_quota.limits.end()) {
        m_rpm->setValue(limit->rpm);
        m_tpm->setValue(limit->tpm);
        m_tpd->setValue(limit->tpd);
        m_parallel->setValue(limit->parallel);
    }
    const bool more = m_quota.budgets.size() > 1 || m_quota.limits.size() > 1;
    m_quotaNote->setText(more ? tr("It has more of them: see Budgets and limits.") : tr("Its team's and the organisation's caps hold too. Warn marks, zones and what happens on breach: Budgets and limits."));
}

gateway::config::Quota KeyForm::enteredQuota() const
{
    gateway::config::Quota quota = m_quota;
    const auto budget = firstOf(quota.budgets);
    const auto per = static_cast<gateway::Period>(m_per->currentData().toInt());
    if (m_budget->value() && budget == quota.budgets.end())
        quota.budgets.insert(quota.budgets.begin(), gateway::config::Budget {.amount = m_budget->value(), .per = per});
    else if (m_budget->value()) {
        budget->amount = m_budget->value();
        budget->per = per;
    } else if (budget != quota.budgets.end()) {
        quota.budgets.erase(budget);
    }
    const auto limit = firstOf(quota.limits);
    gateway::config::Limit next = limit == quota.limits.end() ? gateway::config::Limit {} : *limit;
    next.rpm = m_rpm->value();
    next.tpm = m_tpm->value();
    next.tpd = m_tpd->value();
    next.parallel = m_parallel->value();
    const bool any = next.rpm || next.tpm || next.tpd || next.parallel;
    if (limit != quota.limits.end() && any)
        *limit = next;
    else if (limit != quota.limits.end())
        quota.limits.erase(limit);
    else if (any)
        quota.limits.insert(quota.limits.begin(), next);
    return quota;
}

void KeyForm::fill(const gateway::config::VirtualKey &key)
{
    m_quota = key.quota;
    showQuota();
    m_name->setText(qt(key.name));
    m_team->setCurrentText(qt(key.team));
    m_allModels->setChecked(!key.models);
    m_models->setEnabled(key.models.has_value());
    if (key.models) {
        for (const std::string &model : *key.models) {
            const auto found = m_models->findItems(qt(model), Qt::MatchExactly);
            auto *item = found.isEmpty() ? new QListWidgetItem(qt(model), m_models) : found.front();
            item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
            item->setCheckState(Qt::Checked);
        }
    }
    m_expires->setChecked(key.expires.has_value());
    m_expiry->setEnabled(key.expires.has_value());
    if (key.expires) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(*key.expires).time_since_epoch().count();
        m_expiry->setMinimumDate({});
        m_expiry->setDate(QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).date());
    }
    m_networks->setNames(bridge::qtList(key.allowFrom));
    m_mayCall->setChecked(key.permissions.contains(Permission::Call));
    m_mayPassthrough->setChecked(key.permissions.contains(Permission::Passthrough));
    m_mayReadLog->setChecked(key.permissions.contains(Permission::ReadLog));
    m_additions->fill(key);
}

gateway::api::NewKey KeyForm::entered() const
{
    gateway::api::NewKey key;
    key.name = utf8(m_name->text().trimmed());
    key.team = utf8(m_team->currentText().trimmed());
    if (!m_allModels->isChecked()) {
        key.models.emplace();
        for (int i = 0; i < m_models->count(); ++i) {
            if (m_models->item(i)->checkState() == Qt::Checked)
                key.models->push_back(utf8(m_models->item(i)->text()));
        }
    }
    if (m_expires->isChecked()) {
        const qint64 seconds = QDateTime(m_expiry->date(), QTime(0, 0), Qt::UTC).toSecsSinceEpoch();
        key.expires = gateway::WallTime(std::chrono::seconds(seconds));
    }
    key.allowFrom = bridge::utf8List(m_networks->names());
    key.permissions.clear();
    if (m_mayCall->isChecked())
        key.permissions.insert(Permission::Call);
    if (m_mayPassthrough->isChecked())
        key.permissions.insert(Permission::Passthrough);
    if (m_mayReadLog->isChecked())
        key.permissions.insert(Permission::ReadLog);
    key.metadata = m_additions->metadata();
    key.defaults = m_additions->defaults();
    key.quota = enteredQuota();
    return key;
}

/// The date in words: when it ends, and how far that is.
void KeyForm::showExpiry()
{
    if (!m_expires->isChecked()) {
        m_expiryNote->setText(tr("Works until it is revoked."));
        return;
    }
    const qint64 days = QDate::currentDate().daysTo(m_expiry->date());
    m_expiryNote->setText(days <= 0 ? tr("Ends as that day begins (00:00 UTC): it would not work any more.")
            : days == 1             ? tr("Ends as that day begins (00:00 UTC), tomorrow.")
                                    : tr("Ends as that day begins (00:00 UTC), in %1 days.").arg(days));
}

std::string KeyForm::privacy() const { return utf8(m_privacy->currentData().toString()); }

void KeyForm::setTeam(const std::string &team)
{
    m_team->setCurrentText(qt(team));
}

QWidget *KeyForm::fieldOf(const QString &name) const
{
    const QString own = name.startsWith(u"keys["_s) ? name.section(u'.', 1) : name;
    const auto is = [&](const char *word) { return own.startsWith(QLatin1StringView(word)); };
    if (is("name"))
        return m_name;
    if (is("team"))
        return m_team;
    if (is("models"))
        return m_models;
    if (is("allow_from"))
        return m_networks;
    if (is("privacy"))
        return m_privacy;
    if (is("budgets"))
        return m_budget;
    if (is("limits"))
        return own.endsWith(u"tpm"_s) ? m_tpm : own.endsWith(u"tpd"_s) ? m_tpd : own.endsWith(u"parallel"_s) ? m_parallel : m_rpm;
    return is("expires") ? m_expiry : m_additions->fieldOf(own);
}

void KeyForm::showProblem(const QString &message, const QString &field)
{
    QWidget *wrong = fieldOf(field);
    if (wrong) {
        widgets::setInvalid(wrong, message);
        wrong->setFocus();
    }
    m_problem->setContent(tr("The key was not saved"), wrong && widgets::tellsProblem(wrong) ? QString() : message);
    m_problem->setVisible(!message.isEmpty());
}

QString KeyForm::typedWrong() const
{
    for (const QWidget *field : std::initializer_list<const QWidget *> {m_budget, m_rpm, m_tpm, m_tpd, m_parallel}) {
        if (widgets::isInvalid(field))
            return tr("%1: %2").arg(field->accessibleName(), field->accessibleDescription());
    }
    return m_additions->typedWrong();
}

void KeyForm::setBusy(bool busy)
{
    m_busy = busy;
    validate();
}

void KeyForm::validate()
{
    bool anyModel = m_allModels->isChecked();
    for (int i = 0; i < m_models->count(); ++i)
        anyModel = anyModel || m_models->item(i)->checkState() == Qt::Checked;
    const bool named = !m_name->text().trimmed().isEmpty();
    const bool mayAnything = m_mayCall->isChecked() || m_mayPassthrough->isChecked() || m_mayReadLog->isChecked();
    const QString wrong = typedWrong();
    m_submit->setEnabled(named && anyModel && mayAnything && wrong.isEmpty() && !m_busy);
    m_submit->setToolTip(!wrong.isEmpty() ? wrong : !named ? tr("Give the key a name first.") : !anyModel ? tr("Tick at least one model, or every model.") : !mayAnything ? tr("Tick what the key may do.") : QString());
}

} // namespace ui::keys
