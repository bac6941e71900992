// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alerts_pane.h"

#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/alerts/alert_inspector.h"
#include "ui/panes/alerts/alerts_model.h"
#include "ui/panes/alerts/deliveries_page.h"
#include "ui/panes/alerts/firings_page.h"
#include "ui/panes/alerts/preview_panel.h"
#include "ui/panes/alerts/subjects_page.h"
#include "ui/widgets/mode_icons.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/table_view.h"

#include <QResizeEvent>
#include <QStackedWidget>

#include <algorithm>

/// What the alerts pane shows. What it does is in alerts_actions.cpp, how it is built in alerts_setup.cpp.
namespace ui::alerts {

namespace {

using namespace Qt::StringLiterals;
using bridge::qt;
using bridge::utf8;
using widgets::Icon;

constexpr int widestInspector = 352, narrowestInspector = 300, narrowTable = 720;

} // namespace

const Alert *AlertsPane::chosen() const { return m_index >= 0 && m_index < static_cast<int>(all().size()) ? &all()[static_cast<std::size_t>(m_index)] : nullptr; }

std::vector<Alert> AlertsPane::selected() const
{
    std::vector<Alert> alerts;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows()) {
        if (index.row() < static_cast<int>(all().size()))
            alerts.push_back(all()[static_cast<std::size_t>(index.row())]);
    }
    return alerts;
}

const Alert *AlertsPane::stored(const Alert &alert) const
{
    const auto &live = m_draft.live().alerts;
    const auto found = alert.id.empty() ? live.end() : std::ranges::find(live, alert.id, &Alert::id);
    return found == live.end() ? nullptr : &*found;
}

std::shared_ptr<const gateway::AlertBoard> AlertsPane::board() const { return m_tools ? m_tools->board() : std::make_shared<const gateway::AlertBoard>(); }

void AlertsPane::refresh()
{
    m_refreshing = true;
    const auto found = std::ranges::find(all(), m_chosen, identityOf);
    if (found != all().end())
        m_index = static_cast<int>(found - all().begin());
    else
        m_index = all().empty() ? -1 : std::clamp(m_index, 0, static_cast<int>(all().size()) - 1); // renamed while it has no id, saved, or gone
    m_chosen = chosen() ? identityOf(*chosen()) : std::string();
    const auto before = m_table->selectionModel()->selectedRows().size();
    refreshRows();
    if (m_index < 0)
        m_table->clearSelection();
    else if (before <= 1 || m_table->selectionModel()->selectedRows().isEmpty())
        choose(m_index);
    m_stack->setCurrentIndex(all().empty() ? 0 : 1);
    if (m_lower)
        m_lower->setVisible(!all().empty());
    m_refreshing = false;
    refreshActions();
    showChosen();
    showBoardProblem();
}

void AlertsPane::refreshRows()
{
    const auto now = board();
    std::vector<AlertsModel::Row> rows;
    for (std::size_t i = 0; i < all().size(); ++i) {
        const QString field = u"alerts[%1]"_s.arg(i);
        const auto problem = std::ranges::find_if(m_draft.problems(), [&](const gateway::api::FieldError &error) {
            const QString name = qt(error.field);
            return !error.warning && (name == field || name.startsWith(field + u'.'));
        });
        rows.push_back({.alert = all()[i], .standing = standingOf(all()[i], *now), .problem = problem == m_draft.problems().end() ? QString() : qt(problem->message)});
    }
    m_model->show(std::move(rows), view().now());
}

void AlertsPane::choose(int row)
{
    const QModelIndex index = m_model->index(row, 0);
    if (!index.isValid())
        return;
    m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(index);
}

/// The person chose another row.
void AlertsPane::takeChoice()
{
    if (m_refreshing)
        return;
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    const int current = m_table->currentIndex().row();
    const bool keeps = std::ranges::any_of(rows, [&](const QModelIndex &index) { return index.row() == current; });
    m_index = keeps ? current : rows.isEmpty() ? -1 : rows.first().row();
    m_chosen = chosen() ? identityOf(*chosen()) : std::string();
    m_inspector->setTab(AlertInspector::AlertTab);
    refreshActions();
    showChosen();
}

void AlertsPane::showChosen()
{
    m_inspector->show(m_index);
    if (!m_tools)
        return;
    const auto alert = chosen() ? std::optional(*chosen()) : std::nullopt;
    m_preview->setAlert(alert);
    m_subjects->show(alert, *board());
    const auto id = alert ? std::optional(alert->id) : std::nullopt;
    m_firings->setAlert(id);
    m_deliveries->setAlert(id);
}

/// Why nothing is looked at; or that somebody else's file is asked for.
void AlertsPane::showBoardProblem()
{
    const QString problem = !m_tools ? tr("This program serves no calls itself.") : qt(board()->problem);
    m_bannerBox->setVisible(!problem.isEmpty() && !all().empty());
    const gateway::WallTime at = board()->at;
    m_banner->setContent(tr("Alerts are not evaluated"), problem, at == gateway::WallTime {} ? QString() : lastGoodText(at));
}

void AlertsPane::showLower()
{
    if (!m_tools)
        return;
    const int tab = m_tabs->current();
    m_pages->setCurrentIndex(tab);
    m_preview->setSeen(active() && tab == PreviewTab);
    m_firings->setSeen(active() && tab == FiringsTab);
    m_deliveries->setSeen(active() && tab == DeliveriesTab);
}

void AlertsPane::openTab(Tab tab)
{
    if (!m_tools)
        return;
    m_tabs->setCurrent(tab);
    showLower();
}

/// The calls of a firing, with those that led to it.
void AlertsPane::openCalls(const gateway::AlertFiring &firing)
{
    const auto &live = m_draft.live().alerts;
    const auto found = std::ranges::find(live, firing.alert, &Alert::id);
    AlertWhen when; // of an alert that is gone only its time is known
    if (found != live.end())
        when = found->when;
    const gateway::WallTime now = view().now();
    view().setRange({0, firing.pendingSince - when.windowOrUsual(), std::min(now, firing.resolvedAt.value_or(now))});
    view().openCalls(callsFilter(when, firing.subject));
}

// --- the window

void AlertsPane::activated()
{
    refresh();
    if (m_draft.config().fileSections.contains("smtp") || std::ranges::any_of(all(), [](const Alert &alert) { return alert.origin == gateway::config::Origin::File; }))
        bridge::askFileOwner(gateway(), this, [this](const QString &file) { m_inspector->setFileName(file); });
    showLower();
    takeKeys(focusTarget());
}

void AlertsPane::deactivated() { showLower(); }

void AlertsPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    const int inspector = std::clamp(width() * 26 / 100, narrowestInspector, widestInspector);
    m_inspector->setFixedWidth(inspector);
    const bool narrow = width() - inspector < narrowTable;
    m_table->setColumnHidden(AlertsModel::Channels, narrow); // the tool tip of the rule says it
    m_table->setColumnWidths({narrow ? 150 : 176, 0, 150, 120});
}

QWidget *AlertsPane::focusTarget() const { return m_stack->currentIndex() == 1 ? static_cast<QWidget *>(m_table) : nullptr; }

QList<panes::PaletteEntry> AlertsPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    entries << paletteAction(Icon::Plus, tr("New alert"), u"Ins"_s, [this] { add(AlertTemplate::Plain); });
    entries << paletteAction(Icon::Settings, tr("Mail server of alerts"), {}, [this] { m_inspector->focusMail(); });
    if (chosen()) {
        entries << paletteAction(Icon::Zap, tr("Test alert %1").arg(qt(chosen()->name)), u"Ctrl+T"_s, [this] { test(); });
        entries << paletteAction(Icon::Pause, tr("Mute alert %1").arg(qt(chosen()->name)), u"M"_s, [this] { openMuteMenu(); });
    }
    for (const Alert &alert : all())
        entries << paletteItem(tr("Alerts"), widgets::alertsIcon, qt(alert.name), ruleText(alert.when));
    return entries;
}

void AlertsPane::openItem(const QString &item)
{
    if (item == u"smtp"_s)
        return m_inspector->focusMail();
    const std::string wanted = utf8(item);
    const auto found = std::ranges::find_if(all(), [&](const Alert &alert) { return alert.name == wanted || alert.id == wanted; });
    if (found == all().end())
        return;
    choose(static_cast<int>(found - all().begin()));
    takeChoice();
}

} // namespace ui::alerts
