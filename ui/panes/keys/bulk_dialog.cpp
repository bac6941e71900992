// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/bulk_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QGridLayout>

#include <algorithm>
#include <array>
#include <map>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using gateway::config::VirtualKey;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr int mostLines = 7;

QString titleOf(BulkDialog::What what, int keys)
{
    switch (what) {
    case BulkDialog::What::Team: return BulkDialog::tr("Move %n key(s) to a team", nullptr, keys);
    case BulkDialog::What::Expiry: return BulkDialog::tr("When %n key(s) end", nullptr, keys);
    case BulkDialog::What::Limits: return BulkDialog::tr("Budget and limits of %n key(s)", nullptr, keys);
    }
    return {};
}

Icon iconOf(BulkDialog::What what) { return what == BulkDialog::What::Team ? Icon::Team : what == BulkDialog::What::Expiry ? Icon::Clock : Icon::Gauge; }

/// "$50 a month (only of embeddings, raised to $80)": also what this form has no field for, since it goes too.
QString budgetText(const gateway::config::Budget &budget)
{
    using gateway::config::Breach;
    QStringList more;
    if (!budget.endpoint.empty())
        more << BulkDialog::tr("only of %1").arg(qt(budget.endpoint));
    if (budget.raise)
        more << BulkDialog::tr("raised to %1").arg(panes::amountText(budget.raise->to));
    if (budget.exact)
        more << BulkDialog::tr("exact");
    if (budget.onBreach.what == Breach::What::Warn)
        more << BulkDialog::tr("only warns");
    if (budget.onBreach.what == Breach::What::Route)
        more << BulkDialog::tr("then by %1").arg(qt(budget.onBreach.route));
    if (!budget.timeZone.empty())
        more << qt(budget.timeZone);
    const QString cap = panes::capText(budget.amount.value_or(gateway::Money()), budget.per);
    return more.isEmpty() ? cap : BulkDialog::tr("%1 (%2)").arg(cap, more.join(u", "_s));
}

QString limitText(const gateway::config::Limit &limit)
{
    QStringList parts;
    const auto add = [&](const std::optional<std::int64_t> &most, const QString &words) {
        if (most)
            parts << words.arg(widgets::count(static_cast<std::uint64_t>(*most)));
    };
    add(limit.rpm, BulkDialog::tr("%1 rpm"));
    add(limit.tpm, BulkDialog::tr("%1 tpm"));
    add(limit.tpd, BulkDialog::tr("%1 tokens a day"));
    add(limit.parallel, BulkDialog::tr("%1 parallel"));
    const QString all = parts.join(u", "_s);
    return limit.endpoint.empty() ? all : BulkDialog::tr("%1 (only of %2)").arg(all, qt(limit.endpoint));
}

/// Empty: it has none.
QString rulesText(const gateway::config::Quota &quota)
{
    QStringList parts;
    for (const auto &budget : quota.budgets)
        parts << budgetText(budget);
    for (const auto &limit : quota.limits)
        parts << limitText(limit);
    return parts.join(u", "_s);
}

QString rulesChange(const QString &before, const QString &after)
{
    if (before.isEmpty())
        return BulkDialog::tr("gets %1").arg(after);
    return after.isEmpty() ? BulkDialog::tr("loses %1").arg(before) : BulkDialog::tr("loses %1, gets %2").arg(before, after);
}

} // namespace

BulkDialog::BulkDialog(What what, const gateway::config::Config &config, std::vector<VirtualKey> keys, QWidget *parent)
    : Dialog(iconOf(what), widgets::Role::Accent, titleOf(what, static_cast<int>(keys.size())), parent), m_what(what), m_keys(std::move(keys)), m_effects(new Label(Label::Kind::Secondary))
{
    setObjectName(u"keys.bulkDialog"_s);
    setMinimumWidth(460);
    setFitting(true);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    m_effects->setObjectName(u"keys.bulkDialog.effects"_s);
    m_effects->setWordWrap(true);
    body()->addLayout(grid);
    body()->addWidget(m_effects);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(Button::Kind::Primary, what == What::Team ? tr("Move") : tr("Change"));
    m_submit->setObjectName(u"keys.bulkDialog.submit"_s);
    m_submit->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        const Change change = m_entered();
        accept();
        Q_EMIT confirmed(change);
    });
    switch (what) {
    case What::Team: addTeams(grid, config); break;
    case What::Expiry: addExpiry(grid); break;
    case What::Limits: addLimits(grid); break;
    }
    preview();
}

void BulkDialog::addTeams(QGridLayout *grid, const gateway::config::Config &config)
{
    auto *team = new QComboBox;
    team->setObjectName(u"keys.bulkDialog.team"_s);
    for (const auto &each : config.teams)
        team->addItem(qt(each.name), qt(each.name));
    team->addItem(tr("no team"), QString());
    panes::addField(grid, 0, 0, tr("Team"), team);
    m_entered = [team]() -> Change { return [name = bridge::utf8(team->currentData().toString())](VirtualKey &key) { key.team = name; }; };
    std::map<std::string, QString> caps;
    for (const auto &each : config.teams)
        caps[each.name] = each.quota.empty() ? tr("without a cap") : rulesText(each.quota);
    m_capOf = [caps](const std::string &name) {
        const auto found = caps.find(name);
        return found == caps.end() ? tr("no team's cap holds") : found->second;
    };
    connect(team, &QComboBox::currentIndexChanged, this, &BulkDialog::preview);
}

void BulkDialog::addExpiry(QGridLayout *grid)
{
    auto *ends = new QCheckBox(tr("They end"));
    ends->setObjectName(u"keys.bulkDialog.ends"_s);
    ends->setChecked(true);
    auto *day = new QDateEdit(QDate::currentDate().addMonths(6));
    day->setObjectName(u"keys.bulkDialog.day"_s);
    day->setCalendarPopup(true);
    day->setDisplayFormat(u"d MMM yyyy"_s);
    grid->addWidget(ends, 0, 1);
    panes::addField(grid, 1, 0, tr("As begins, UTC"), day);
    m_entered = [ends, day]() -> Change {
        std::optional<gateway::WallTime> at;
        if (ends->isChecked())
            at = gateway::WallTime(std::chrono::seconds(QDateTime(day->date(), QTime(0, 0), Qt::UTC).toSecsSinceEpoch()));
        return [at](VirtualKey &key) { key.expires = at; };
    };
    connect(ends, &QCheckBox::toggled, day, &QWidget::setEnabled);
    connect(ends, &QCheckBox::toggled, this, &BulkDialog::preview);
    connect(day, &QDateEdit::dateChanged, this, &BulkDialog::preview);
}

void BulkDialog::addLimits(QGridLayout *grid)
{
    auto *amount = new widgets::MoneyField;
    amount->setObjectName(u"keys.bulkDialog.amount"_s);
    amount->setPlaceholderText(tr("dollars; empty: none"));
    auto *per = new QComboBox;
    for (const auto period : {gateway::Period::Hour, gateway::Period::Day, gateway::Period::Week, gateway::Period::Month, gateway::Period::Total})
        per->addItem(panes::perWords(period), static_cast<int>(period));
    per->setCurrentIndex(3);
    panes::addField(grid, 0, 0, tr("Budget"), amount);
    panes::addField(grid, 1, 0, tr("Per"), per);
    std::array<widgets::CountField *, 4> counts {};
    const std::array<std::pair<QString, QString>, 4> names {std::pair {u"rpm"_s, tr("Requests / min")}, {u"tpm"_s, tr("Tokens / min")}, {u"tpd"_s, tr("Tokens / day")}, {u"parallel"_s, tr("Parallel calls")}};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] = new widgets::CountField;
        counts[i]->setObjectName(u"keys.bulkDialog."_s + names[i].first);
        counts[i]->setPlaceholderText(tr("no limit"));
        panes::addField(grid, static_cast<int>(i) + 2, 0, names[i].second, counts[i]);
        connect(counts[i], &QLineEdit::textEdited, this, &BulkDialog::preview);
    }
    connect(amount, &QLineEdit::textEdited, this, &BulkDialog::preview);
    connect(per, &QComboBox::currentIndexChanged, this, &BulkDialog::preview);
    m_entered = [amount, per, counts]() -> Change {
        if (widgets::isInvalid(amount) || std::ranges::any_of(counts, [](const auto *field) { return widgets::isInvalid(field); }))
            return {};
        gateway::config::Quota quota;
        if (amount->value())
            quota.budgets.push_back({.amount = amount->value(), .per = static_cast<gateway::Period>(per->currentData().toInt())});
        gateway::config::Limit limit;
        limit.rpm = counts[0]->value();
        limit.tpm = counts[1]->value();
        limit.tpd = counts[2]->value();
        limit.parallel = counts[3]->value();
        if (limit.rpm || limit.tpm || limit.tpd || limit.parallel)
            quota.limits.push_back(limit);
        return [quota](VirtualKey &key) { key.quota = quota; };
    };
}

QString BulkDialog::effectOn(const VirtualKey &before, const VirtualKey &after) const
{
    const auto team = [](const VirtualKey &key) { return key.team.empty() ? tr("no team") : qt(key.team); };
    const auto end = [](const VirtualKey &key) { return key.expires ? widgets::dayText(*key.expires) : tr("never"); };
    switch (m_what) {
    case What::Team: return tr("%1: from %2 to %3 (%4)").arg(qt(before.name), team(before), team(after), m_capOf(after.team));
    case What::Expiry: return tr("%1: ended %2, now %3").arg(qt(before.name), end(before), end(after));
    case What::Limits: return tr("%1: %2").arg(qt(before.name), rulesChange(rulesText(before.quota), rulesText(after.quota)));
    }
    return {};
}

void BulkDialog::preview()
{
    const Change change = m_entered();
    QStringList lines;
    bool any = false;
    for (const VirtualKey &key : m_keys) {
        if (!change)
            break;
        VirtualKey after = key;
        change(after);
        const bool locked = key.origin == gateway::config::Origin::File, same = after == key;
        any = any || (!locked && !same);
        if (lines.size() > mostLines || (same && !locked))
            continue;
        lines << (locked ? tr("%1 stays as it is: the --config file owns it").arg(qt(key.name)) : effectOn(key, after));
    }
    if (lines.size() > mostLines) {
        lines.resize(mostLines);
        lines << u"…"_s;
    }
    if (m_what == What::Limits && any)
        lines.prepend(tr("All budgets and limits that the keys have are replaced, those of single endpoints too:"));
    m_effects->setText(!change ? tr("A marked field cannot be read.") : lines.isEmpty() ? tr("Nothing changes.") : lines.join(u'\n'));
    m_submit->setEnabled(any);
}

} // namespace ui::keys
