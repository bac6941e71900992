// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/raise_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QDateTimeEdit>
#include <QGridLayout>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using widgets::Button;
using widgets::Icon;
using widgets::Label;
using namespace std::chrono_literals;

QDateTime inZone(gateway::WallTime at, const std::string &zone)
{
    const QTimeZone known(QByteArray::fromStdString(zone));
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(), known.isValid() ? known : QTimeZone::utc());
}

} // namespace

RaiseDialog::RaiseDialog(const panes::ScopeRef &scope, const gateway::BudgetState &state, const gateway::config::Budget &budget, gateway::WallTime now, QWidget *parent)
    : Dialog(Icon::ArrowUp, widgets::Role::Accent, tr("Raise the budget of %1").arg(panes::inWords(scope)), parent), m_usual(budget.amount.value_or(gateway::Money())), m_now(now), m_zone(state.zone),
      m_amount(new widgets::MoneyField), m_until(new QDateTimeEdit), m_note(new Label(Label::Kind::Note))
{
    setObjectName(u"budgets.raiseDialog"_s);
    setSubtitle(tr("%1 usually; %2 used. Afterwards the usual amount holds again by itself.").arg(panes::capText(m_usual, budget.per), panes::usedText(state)));
    m_amount->setObjectName(u"budgets.raiseDialog.amount"_s);
    m_amount->setNeeded(true);
    const auto half = gateway::Money::fromNanos(m_usual.nanos() + m_usual.nanos() / 2);
    m_amount->setValue(budget.raise ? budget.raise->to : half);
    m_until->setObjectName(u"budgets.raiseDialog.until"_s);
    m_until->setCalendarPopup(true);
    m_until->setDisplayFormat(u"d MMM yyyy HH:mm"_s);
    const QDateTime end = inZone(budget.raise ? gateway::WallTime(budget.raise->until) : state.resets.value_or(now + 24h), m_zone);
    m_until->setDateTime(QDateTime(end.date(), end.time()));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    panes::addField(grid, 0, 0, tr("Raised to"), m_amount);
    panes::addField(grid, 1, 0, tr("Until"), m_until);
    m_note->setWordWrap(true);
    grid->addWidget(m_note, 2, 1);
    body()->addLayout(grid);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(Button::Kind::Primary, tr("Raise"));
    m_submit->setObjectName(u"budgets.raiseDialog.submit"_s);
    m_submit->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        const gateway::config::Raise raise {.to = *m_amount->value(), .until = until()};
        accept();
        Q_EMIT raised(raise);
    });
    connect(m_amount, &QLineEdit::textEdited, this, &RaiseDialog::validate);
    connect(m_until, &QDateTimeEdit::dateTimeChanged, this, &RaiseDialog::validate);
    validate();
    m_amount->setFocus();
    m_amount->selectAll();
}

/// What is typed is a time on the budget's own clocks.
gateway::WallTime RaiseDialog::until() const
{
    const QTimeZone known(QByteArray::fromStdString(m_zone));
    const QDateTime typed(m_until->date(), m_until->time(), known.isValid() ? known : QTimeZone::utc());
    return gateway::WallTime(std::chrono::milliseconds(typed.toMSecsSinceEpoch()));
}

void RaiseDialog::validate()
{
    const bool read = !widgets::isInvalid(m_amount) && m_amount->value();
    const bool more = read && *m_amount->value() >= m_usual, later = until() > m_now;
    if (read)
        widgets::setInvalid(m_amount, more ? QString() : tr("Must not be below the usual %1").arg(panes::amountText(m_usual)));
    widgets::setInvalid(m_until, later ? QString() : tr("Must be in the future"));
    m_submit->setEnabled(read && more && later);
    m_note->setText(!read ? tr("How many dollars?") : !more ? tr("That is less than the usual %1.").arg(panes::amountText(m_usual)) : !later ? tr("That is over already.") : tr("On the clocks of %1.").arg(bridge::qt(m_zone)));
}

} // namespace ui::budgets
