// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/providers_card.h"

#include "ui/bridge/text.h"
#include "ui/panes/provider_health.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHeaderView>
#include <QMenu>
#include <QStandardItemModel>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::api::ProviderStrip;
using gateway::api::TargetHealth;
using widgets::Icon;
using widgets::Role;

enum Column { StateColumn, NameColumn, StripColumn, P95Column, ErrorColumn, LimitColumn, CircuitColumn, ColumnCount };

struct Circuit
{
    bool open = false, half = false;
    std::optional<gateway::Duration> rest;
    bool keyRejected = false;
};

Circuit circuitOf(const std::vector<TargetHealth> &health, const QString &provider)
{
    Circuit circuit;
    for (const TargetHealth &target : health) {
        if (bridge::qt(target.provider) != provider)
            continue;
        circuit.keyRejected = circuit.keyRejected || target.keyRejected;
        circuit.half = circuit.half || target.circuit == TargetHealth::Circuit::HalfOpen;
        if (target.circuit != TargetHealth::Circuit::Open)
            continue;
        circuit.open = true;
        if (target.restsFor && (!circuit.rest || *target.restsFor < *circuit.rest))
            circuit.rest = target.restsFor;
    }
    return circuit;
}

QStandardItem *figure(const QString &text, Role role = Role::Text, bool strong = false)
{
    auto *item = new QStandardItem(text);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    item->setData(int(role), widgets::CellRoleColor);
    item->setData(strong, widgets::CellStrong);
    return item;
}

/// "" in the row's state cell: an icon whose shape says it too.
void setState(QStandardItem *item, Icon icon, Role role, const QString &words)
{
    item->setData(int(icon), widgets::CellIcon);
    item->setData(int(role), widgets::CellIconRole);
    item->setToolTip(words);
    item->setData(words, Qt::AccessibleTextRole);
}

void showCircuit(QStandardItem *state, QStandardItem *cell, const Circuit &circuit, double errorShare)
{
    if (circuit.open)
        cell->setText(circuit.rest ? QObject::tr("Open %1").arg(widgets::span(*circuit.rest)) : QObject::tr("Open"));
    else
        cell->setText(circuit.half ? QObject::tr("Half-open") : QObject::tr("Closed"));
    cell->setData(circuit.open || circuit.half ? QVariant(int(circuit.open ? Icon::CircuitOpen : Icon::HalfOpen)) : QVariant(), widgets::CellIcon);
    const Role role = circuit.open ? Role::Err : circuit.half ? Role::Warn : Role::Muted;
    cell->setData(int(role), widgets::CellIconRole);
    cell->setData(int(role), widgets::CellRoleColor);
    cell->setData(true, widgets::CellSmall);
    if (circuit.open)
        setState(state, Icon::CircuitOpen, Role::Err, QObject::tr("Circuit open"));
    else if (panes::errorLevel(errorShare) == panes::ErrorLevel::Many)
        setState(state, Icon::Error, Role::Err, QObject::tr("Failing"));
    else if (panes::errorLevel(errorShare) == panes::ErrorLevel::Some || circuit.half)
        setState(state, Icon::Warning, Role::Warn, QObject::tr("Errors above %1").arg(widgets::share(panes::someErrors)));
    else
        setState(state, Icon::Ok, Role::Ok, QObject::tr("Healthy"));
}

} // namespace

ProvidersCard::ProvidersCard(QWidget *parent) :
    Card(tr("Providers"), {}, parent), m_table(new widgets::TableView(widgets::RowHeight::TwoLines)), m_empty(new widgets::EmptyState(tr("No provider yet."))), m_skeleton(new widgets::SkeletonView(52)),
    m_model(new QStandardItemModel(0, ColumnCount, this))
{
    m_table->setObjectName(u"overview.providers"_s);
    m_table->setAccessibleName(tr("Providers' health"));
    m_table->setModel(m_model);
    setHeaders(tr("Health, 24 h"));
    m_table->setRowLines(true);
    m_table->setEdgePadding(12);
    m_table->horizontalHeader()->setFixedHeight(24);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setItemDelegateForColumn(StripColumn, new widgets::HealthStripDelegate(m_table));
    m_empty->setPicture(false);
    m_add = m_empty->setAction(Icon::Plus, tr("Add provider"));
    m_empty->hide();
    body()->addWidget(m_table, 1);
    body()->addWidget(m_empty, 1);
    body()->addWidget(m_skeleton, 1);
    connect(menu()->addAction(tr("Open Providers")), &QAction::triggered, this, [this] { Q_EMIT opened({}); });
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, &ProvidersCard::addRequested);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) { Q_EMIT opened(m_model->item(index.row(), NameColumn)->text()); });
}

void ProvidersCard::setHeaders(const QString &strip)
{
    m_model->setHorizontalHeaderLabels({u""_s, tr("Provider"), strip, tr("p95"), tr("Errors"), tr("429"), tr("Circuit")});
    for (int column = P95Column; column < ColumnCount; ++column)
        m_model->setHeaderData(column, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
}

void ProvidersCard::showStrips(const std::vector<ProviderStrip> &strips, std::size_t configured, const std::vector<TargetHealth> &health, gateway::WallTime now)
{
    m_model->removeRows(0, m_model->rowCount());
    setHeaders(tr("%1 yesterday").arg(widgets::hourMinute(now)) + u'\t' + tr("now"));
    std::uint64_t attempts = 0;
    for (const ProviderStrip &strip : strips) {
        const QString name = bridge::qt(strip.provider);
        const double errors = panes::errorShare(strip).value_or(0);
        auto *state = new QStandardItem;
        auto *nameItem = new QStandardItem(name);
        nameItem->setData(name, widgets::CellMark);
        nameItem->setData(errors, Qt::UserRole);
        auto *bins = new QStandardItem;
        bins->setData(QVariant::fromValue(panes::healthBins(strip)), Qt::UserRole);
        bins->setData(tr("Health over 24 h"), Qt::AccessibleTextRole);
        const Role errorRole = panes::errorRole(errors);
        auto *circuit = figure({});
        showCircuit(state, circuit, circuitOf(health, name), errors);
        m_model->appendRow({state, nameItem, bins, figure(widgets::latency(strip.p95Us)), figure(widgets::share(strip.errors, strip.attempts), errorRole, errorRole != Role::Text),
            figure(widgets::share(strip.rateLimited, strip.attempts)), circuit});
        attempts += strip.attempts;
    }
    m_skeleton->end();
    widgets::setDimmed(m_table, false);
    setUnit(tr("%1 attempts in 24 h").arg(widgets::count(attempts)));
    m_table->setVisible(!strips.empty());
    m_empty->setSentence(configured == 0 ? tr("No provider yet.") : tr("Nobody was called in the last 24 hours."));
    m_add->setVisible(configured == 0);
    m_empty->setVisible(strips.empty());
    fitRows();
}

void ProvidersCard::showHealth(const std::vector<TargetHealth> &health)
{
    for (int row = 0; row < m_model->rowCount(); ++row)
        showCircuit(m_model->item(row, StateColumn), m_model->item(row, CircuitColumn), circuitOf(health, m_model->item(row, NameColumn)->text()),
            m_model->item(row, NameColumn)->data(Qt::UserRole).toDouble());
}

void ProvidersCard::showWaiting()
{
    if (m_model->rowCount() > 0 || m_skeleton->waiting())
        return;
    m_table->hide();
    m_empty->hide();
    m_skeleton->begin({});
}

void ProvidersCard::showError()
{
    m_skeleton->end();
    m_table->show();
    widgets::setDimmed(m_table, true); // the rows there were; the pane's banner says why
}

void ProvidersCard::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    fitRows();
}

void ProvidersCard::fitRows()
{
    const int rows = qMax(1, m_model->rowCount());
    const int room = height() - header()->height() - m_table->horizontalHeader()->height() - 6;
    m_table->verticalHeader()->setDefaultSectionSize(qBound(32, room / rows, 52));
    const int across = width() - 2;
    constexpr int stripWidth = 48 * 4 + 16; // its 24 hours, no more: "now" stands where they end
    const bool narrow = across < 560, wide = across > 690;
    m_table->setColumnHidden(LimitColumn, across < 520); // the strip is worth more
    m_table->setColumnWidths({28, wide ? 0 : narrow ? 110 : 120, wide ? stripWidth : 0, narrow ? 66 : 72, 66, 68, narrow ? 96 : 98});
}

} // namespace ui::overview
