// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/budget_form.h"

#include "gateway/core/endpoint.h"
#include "gateway/core/time_zones.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::Period;
using gateway::config::Breach;
using gateway::config::Budget;
using gateway::config::UnknownPrice;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr int fieldHeight = 28;
constexpr int perWidth = 104;

} // namespace

BudgetForm::BudgetForm(QWidget *parent)
    : QWidget(parent), m_amount(new widgets::MoneyField), m_per(new QComboBox), m_breach(new QComboBox), m_zone(new QComboBox), m_unknown(new QComboBox), m_endpoint(new QComboBox),
      m_warn(new widgets::SharesField), m_exact(new QCheckBox(tr("Reserve the most that a call can cost"))), m_raise(new Label(Label::Kind::Secondary)),
      m_raiseButton(new Button(Icon::ArrowUp, tr("Raise until…"))), m_lower(new Button(tr("End raise")))
{
    setUpFields();
    auto *amount = new QWidget;
    auto *amountRow = new QHBoxLayout(amount);
    amountRow->setContentsMargins(0, 0, 0, 0);
    amountRow->setSpacing(8);
    amountRow->addWidget(m_amount, 1);
    amountRow->addWidget(m_per);
    auto *raise = new QWidget;
    auto *raiseRow = new QHBoxLayout(raise);
    raiseRow->setContentsMargins(0, 0, 0, 0);
    raiseRow->setSpacing(8);
    m_raise->setWordWrap(true);
    raiseRow->addWidget(m_raise, 1);
    raiseRow->addWidget(m_raiseButton);
    raiseRow->addWidget(m_lower);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(12, 4, 12, 12);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 84);
    grid->setColumnStretch(1, 1);
    add(grid, tr("Amount"), amount, {}, m_amount);
    add(grid, tr("Warn at"), m_warn, u"warnAt"_s);
    add(grid, tr("On breach"), m_breach, u"onBreach"_s);
    add(grid, tr("Time zone"), m_zone, u"zone"_s);
    add(grid, tr("Counts"), m_endpoint, u"endpoint"_s);
    add(grid, tr("No price"), m_unknown, u"unknownPrice"_s);
    add(grid, tr("Exact"), m_exact, u"exact"_s);
    add(grid, tr("Raised"), raise, {}, m_raiseButton);
    grid->setRowStretch(grid->rowCount(), 1);
    connectFields();
}

void BudgetForm::setUpFields()
{
    m_amount->setObjectName(u"budgets.amount"_s);
    m_amount->setAccessibleName(tr("Amount in dollars"));
    m_amount->setPlaceholderText(tr("dollars"));
    m_amount->setNeeded(true);
    m_per->setObjectName(u"budgets.per"_s);
    m_per->setAccessibleName(tr("Per"));
    m_per->setFixedWidth(perWidth);
    for (const Period period : {Period::Hour, Period::Day, Period::Week, Period::Month, Period::Total})
        m_per->addItem(panes::perWords(period), static_cast<int>(period));
    m_warn->setPlaceholderText(tr("never"));
    m_warn->setToolTip(tr("Per cent of the amount, with commas between: 80, 95"));
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    m_zone->setToolTip(tr("Whose calendar says when the budget begins anew"));
    m_endpoint->addItem(tr("all calls"), QString());
    for (std::size_t i = 0; i < gateway::endpointCount; ++i) {
        const QString word = qt(gateway::toText(static_cast<gateway::Endpoint>(i)));
        m_endpoint->addItem(tr("%1 alone").arg(word), word);
    }
    m_unknown->addItem(tr("Calls of models without a price go on"), static_cast<int>(UnknownPrice::Allow));
    m_unknown->addItem(tr("Calls of models without a price are refused"), static_cast<int>(UnknownPrice::Block));
    m_exact->setToolTip(tr("The budget is then passed by at most one call; fewer calls fit at once."));
    for (QComboBox *box : {m_breach, m_zone, m_unknown, m_endpoint}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(10);
    }
    m_raiseButton->setObjectName(u"budgets.raise"_s);
    m_raiseButton->setKeyHint(u"Ctrl+O"_s);
    m_raiseButton->setSmall(true);
    m_lower->setObjectName(u"budgets.endRaise"_s);
    m_lower->setSmall(true);
}

void BudgetForm::add(QGridLayout *grid, const QString &label, QWidget *field, const QString &name, QWidget *marked)
{
    const int row = grid->rowCount();
    auto *text = new Label(Label::Kind::Field, label);
    text->setBuddy(field);
    text->setFixedHeight(fieldHeight);
    if (!name.isEmpty()) {
        field->setObjectName(u"budgets."_s + name);
        field->setAccessibleName(label);
    }
    field->setMinimumHeight(fieldHeight);
    grid->addWidget(text, row, 0, Qt::AlignTrailing | Qt::AlignTop);
    grid->addLayout(widgets::withProblemNote(marked ? marked : field, field), row, 1);
}

void BudgetForm::connectFields()
{
    connect(m_amount, &widgets::MoneyField::valueEdited, this, [this] { Q_EMIT edited(tr("amount of a budget"), [amount = m_amount->value()](Budget &budget) { budget.amount = amount; }, u"amount"_s); });
    connect(m_per, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("period of a budget"), [per = static_cast<Period>(m_per->currentData().toInt())](Budget &budget) { budget.per = per; }, {}); });
    connect(m_warn, &widgets::SharesField::valueEdited, this, [this] { Q_EMIT edited(tr("warn marks of a budget"), [marks = m_warn->value()](Budget &budget) { budget.warnAt = marks; }, u"warnAt"_s); });
    connect(m_breach, &QComboBox::activated, this, [this] {
        const QString route = m_breach->currentData().toString();
        const Breach breach = route == u"block"_s ? Breach {} : route == u"warn"_s ? Breach {Breach::What::Warn, {}} : Breach {Breach::What::Route, utf8(route.mid(6))};
        Q_EMIT edited(tr("what happens on breach"), [breach](Budget &budget) { budget.onBreach = breach; }, {});
    });
    const auto zoneTyped = [this](const QString &text) {
        const std::string zone = text.trimmed() == m_zone->itemText(0) ? std::string() : utf8(text.trimmed());
        const bool known = zone.empty() || gateway::isKnownZone(zone);
        widgets::setInvalid(m_zone, known ? QString() : tr("Not a time zone name, such as UTC or Europe/Berlin"));
        if (known)
            Q_EMIT edited(tr("time zone of a budget"), [zone](Budget &budget) { budget.timeZone = zone; }, u"zone"_s);
    };
    connect(m_zone, &QComboBox::textActivated, this, zoneTyped);
    connect(m_zone->lineEdit(), &QLineEdit::textEdited, this, zoneTyped);
    connect(m_endpoint, &QComboBox::activated, this, [this] { Q_EMIT edited(tr("what a budget counts"), [endpoint = utf8(m_endpoint->currentData().toString())](Budget &budget) { budget.endpoint = endpoint; }, {}); });
    connect(m_unknown, &QComboBox::activated, this, [this] {
        Q_EMIT edited(tr("calls without a price"), [unknown = static_cast<UnknownPrice>(m_unknown->currentData().toInt())](Budget &budget) { budget.unknownPrice = unknown; }, {});
    });
    connect(m_exact, &QCheckBox::clicked, this, [this](bool exact) { Q_EMIT edited(tr("exactness of a budget"), [exact](Budget &budget) { budget.exact = exact; }, {}); });
    connect(m_raiseButton, &QPushButton::clicked, this, &BudgetForm::raiseWanted);
    connect(m_lower, &QPushButton::clicked, this, [this] { Q_EMIT edited(tr("end of a raise"), [](Budget &budget) { budget.raise.reset(); }, {}); });
}

void BudgetForm::fillRoutes(const gateway::config::Config &config, const Budget &budget)
{
    QStringList routes;
    for (const auto &route : config.routes) {
        if (!route.name.ends_with('*'))
            routes << qt(route.name);
    }
    if (budget.onBreach.what == Breach::What::Route && !routes.contains(qt(budget.onBreach.route)))
        routes << qt(budget.onBreach.route);
    if (m_breach->count() > 0 && routes == m_routes)
        return;
    m_routes = routes;
    const QSignalBlocker quiet(m_breach);
    m_breach->clear();
    m_breach->addItem(tr("Block with 402"), u"block"_s);
    m_breach->addItem(tr("Warn only"), u"warn"_s);
    for (const QString &route : routes)
        m_breach->addItem(tr("Go by route %1").arg(route), u"route:"_s + route);
}

void BudgetForm::fillZones(const gateway::config::Config &config)
{
    const QString zone = qt(config.gateway.timeZone);
    if (m_zone->count() > 0 && zone == m_gatewayZone)
        return;
    m_gatewayZone = zone;
    const QSignalBlocker quiet(m_zone);
    m_zone->clear();
    m_zone->addItem(tr("as the gateway (%1)").arg(zone));
    for (const QByteArray &id : QTimeZone::availableTimeZoneIds())
        m_zone->addItem(QString::fromLatin1(id));
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_zone->completer()->setFilterMode(Qt::MatchContains);
}

void BudgetForm::show(const Budget &budget, const gateway::config::Config &config, bool editable, const QHash<QString, QString> &problems)
{
    fillRoutes(config, budget);
    fillZones(config);
    m_amount->setValue(budget.amount);
    panes::showChoice(m_per, static_cast<int>(budget.per));
    m_warn->setValue(budget.warnAt);
    using What = Breach::What;
    panes::showChoice(m_breach, budget.onBreach.what == What::Block ? u"block"_s : budget.onBreach.what == What::Warn ? u"warn"_s : u"route:"_s + qt(budget.onBreach.route));
    panes::showChoice(m_endpoint, qt(budget.endpoint));
    panes::showChoice(m_unknown, static_cast<int>(budget.unknownPrice));
    const QString zone = budget.timeZone.empty() ? m_zone->itemText(0) : qt(budget.timeZone);
    if (!m_zone->lineEdit()->hasFocus() && m_zone->currentText() != zone) {
        const QSignalBlocker quiet(m_zone);
        m_zone->setEditText(zone);
        widgets::setInvalid(m_zone, {});
    }
    m_exact->setChecked(budget.exact);
    m_raise->setText(budget.raise ? tr("to %1 until %2").arg(panes::amountText(budget.raise->to), qt(gateway::Calendar(budget.timeZone.empty() ? config.gateway.timeZone : budget.timeZone).toText(budget.raise->until)))
                                  : tr("not for now"));
    m_lower->setVisible(budget.raise.has_value());
    m_amount->setReadOnly(!editable);
    m_warn->setReadOnly(!editable);
    for (QWidget *field : std::initializer_list<QWidget *> {m_per, m_breach, m_zone, m_unknown, m_endpoint, m_exact, m_raiseButton, m_lower})
        field->setEnabled(editable);
    panes::markField(m_amount, problems.value(u"amount"_s));
    panes::markField(m_breach, problems.value(u"on_breach"_s));
    panes::markField(m_zone, problems.value(u"time_zone"_s));
    panes::markField(m_endpoint, problems.value(u"endpoint"_s));
    panes::markField(m_raiseButton, problems.value(u"raise.to"_s));
}

void BudgetForm::focusAmount()
{
    m_amount->setFocus();
    m_amount->selectAll();
}

bool BudgetForm::typedWrong() const
{
    return widgets::isInvalid(m_amount) || widgets::isInvalid(m_warn) || widgets::isInvalid(m_zone);
}

} // namespace ui::budgets
