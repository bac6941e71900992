// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/cost_view.h"

#include "gateway/api/reprice_tools.h"
#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"

#include <QHeaderView>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::Money;
using gateway::Prices;
using gateway::TokenUsage;

} // namespace

CostView::CostView(QWidget *parent) :
    QWidget(parent), m_model(new QStandardItemModel(this)), m_table(new widgets::TableView(widgets::RowHeight::Dense)), m_note(new widgets::Label(widgets::Label::Kind::Secondary))
{
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setAccessibleName(tr("Cost by attempt"));
    m_note->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 0, 8, 8);
    column->setSpacing(4);
    column->addWidget(m_table, 1);
    auto *words = new QHBoxLayout;
    words->setContentsMargins(8, 0, 8, 0);
    words->addWidget(m_note);
    column->addLayout(words);
}

std::optional<Money> CostView::addAttempt(const QString &name, const TokenUsage &usage, const std::optional<Prices> &known)
{
    const std::optional<Prices> prices = known ? std::optional(atLength(*known, usage.input)) : std::nullopt;
    QString first = name;
    const auto add = [&](const QString &what, std::int64_t tokens, std::optional<Money> price, bool always = false) {
        if (tokens == 0 && !always)
            return;
        m_lines.append({std::exchange(first, QString()), what, tokens, price, price ? std::optional(price->perMillion(tokens)) : std::nullopt, usage.estimated, false});
    };
    const auto input = prices ? std::optional(prices->input) : std::nullopt;
    const auto write = prices ? std::optional(prices->cacheWrite.value_or(prices->input)) : std::nullopt;
    add(tr("Input"), usage.input - usage.cachedInput - usage.cacheWrite - usage.cacheWrite1h, input, true);
    add(tr("Input, read from the cache"), usage.cachedInput, prices ? std::optional(prices->cachedInput.value_or(prices->input)) : std::nullopt);
    add(tr("Input, written to the cache (5 min)"), usage.cacheWrite, write);
    add(tr("Input, written to the cache (1 h)"), usage.cacheWrite1h, prices ? std::optional(prices->cacheWrite1h.value_or(*write)) : std::nullopt);
    add(usage.reasoning > 0 ? tr("Output, %1 of it reasoning").arg(widgets::count(std::uint64_t(usage.reasoning))) : tr("Output"), usage.output, prices ? std::optional(prices->output) : std::nullopt);
    return gateway::cost(known, usage);
}

void CostView::setCall(const gateway::CallRecord &record, const gateway::api::Gateway &gateway)
{
    m_lines.clear();
    std::optional<Money> today = Money {};
    bool estimated = record.usage.estimated;
    int number = 0;
    for (const gateway::AttemptRecord &attempt : record.attempts) {
        if (attempt.skipped)
            continue;
        const QString name = u"%1 %2 %3"_s.arg(++number).arg(qt(attempt.provider), qt(attempt.model));
        estimated = estimated || attempt.usage.estimated;
        if (attempt.usage.total() == 0) {
            // A provider bills nothing for an answer that never began; one that broke off may be billed.
            const bool free = !attempt.ok && attempt.firstByteUs < 0;
            m_lines.append({name, attempt.ok ? tr("No tokens were counted") : free ? tr("Failed, nothing to pay") : tr("Broke off, what it cost is not known"), 0, std::nullopt,
                attempt.cost ? attempt.cost : free ? std::optional(Money {}) : std::nullopt, false, false});
            continue;
        }
        const auto amount = addAttempt(name, attempt.usage, m_prices.find(gateway, attempt.provider, attempt.model));
        today = today && amount ? std::optional(*today + *amount) : std::nullopt;
    }
    m_lines.append({tr("Recorded"), {}, record.usage.total(), std::nullopt, record.cost, estimated, true});
    QStringList notes;
    if (record.attempts.empty())
        notes.append(tr("Signalbox refused the call: nothing was sent, nothing is to pay."));
    if (!record.cost)
        notes.append(tr("No price is known for this model, so the cost is unknown. Set one under Providers, Models."));
    else if (today && record.cost != today && number > 0)
        notes.append(tr("At today's prices: %1. The recorded sum holds; prices may have changed since the call.").arg(widgets::money(*today)));
    if (estimated)
        notes.append(tr("~ The provider gave no usage; tokens were estimated."));
    m_note->setText(notes.join(u' '));
    fill();
    askRepriced(record, gateway);
}

void CostView::askRepriced(const gateway::CallRecord &record, const gateway::api::Gateway &gateway)
{
    ++m_generation;
    auto *tools = gateway::api::RepriceTools::of(gateway);
    if (!tools)
        return;
    tools->ofCall(record.id, this, [this, generation = m_generation, tokens = record.usage.total(), estimated = record.usage.estimated](const gateway::Result<std::optional<gateway::RepricedCall>> &figure) {
        if (generation != m_generation || !figure || !*figure)
            return; // one that is not in the log yet has none either
        m_lines.append({tr("Re-priced, %1").arg(widgets::dayText((*figure)->at)), {}, tokens, std::nullopt, (*figure)->cost, estimated, true});
        m_note->setText(QStringList {tr("Budgets and spend go by the recorded sum."), m_note->text()}.join(u' ').trimmed());
        fill();
    });
}

QString CostView::note() const { return m_note->text(); }

void CostView::fill()
{
    m_model->clear();
    m_model->setHorizontalHeaderLabels({tr("Attempt"), tr("Tokens of"), tr("Tokens"), tr("Price"), tr("Amount")});
    for (int i = 2; i < 5; ++i)
        m_model->horizontalHeaderItem(i)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    for (const Line &line : m_lines) {
        const QString tokens = line.tokens == 0 && !line.price && !line.sum ? widgets::unknownText() : (line.estimated ? u"~"_s : QString()) + widgets::count(std::uint64_t(std::max<std::int64_t>(0, line.tokens)));
        QList<QStandardItem *> items {new QStandardItem(line.attempt), new QStandardItem(line.what), new QStandardItem(tokens),
            new QStandardItem(line.sum ? QString() : widgets::pricePerMillion(line.price)), new QStandardItem(widgets::money(line.amount))};
        for (int i = 0; i < items.size(); ++i) {
            items[i]->setEditable(false);
            if (i >= 2)
                items[i]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (line.sum)
                items[i]->setData(true, widgets::CellStrong);
        }
        m_model->appendRow(items);
    }
    m_table->setColumnWidths({260, 0, 100, 170, 110});
}

} // namespace ui::calls
