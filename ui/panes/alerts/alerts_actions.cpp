// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text.h"
#include "ui/panes/alerts/alert_inspector.h"
#include "ui/panes/alerts/alert_standing.h"
#include "ui/panes/alerts/alerts_pane.h"
#include "ui/panes/alerts/deliveries_page.h"
#include "ui/panes/alerts/mute_menu.h"
#include "ui/panes/alerts/subjects_page.h"
#include "ui/widgets/button.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QMenu>

#include <algorithm>
#include <memory>
#include <set>

/// What the alerts pane does: at once with the gateway, or in its draft.
namespace ui::alerts {

namespace {

using namespace Qt::StringLiterals;
using bridge::qt;
using gateway::Result;
using gateway::WallTime;

/// Answers to several questions as one.
struct Tally
{
    int left = 0, done = 0;
    QString problem;
};

bool isOwn(const Alert &alert) { return alert.origin != gateway::config::Origin::File; }

} // namespace

void AlertsPane::refreshActions()
{
    const std::vector<Alert> alerts = selected();
    const auto now = board();
    const bool saved = std::ranges::any_of(alerts, [](const Alert &alert) { return !alert.id.empty(); });
    const bool unacknowledged = std::ranges::any_of(alerts, [&](const Alert &alert) { return standingOf(alert, *now).unacknowledged > 0; });
    m_selection->setCount(alerts.size() > 1 ? static_cast<int>(alerts.size()) : 0);
    m_test->setEnabled(m_tools && alerts.size() == 1 && saved);
    m_test->setToolTip(saved ? tr("Tell all receivers that this is a test (Ctrl+T)") : tr("Save it first: what is saved is tested"));
    m_mute->setEnabled(m_tools && saved);
    m_mute->setToolTip(saved ? tr("Leave people alone for a while; what fires is kept (M)") : tr("Save it first"));
    m_bulkMute->setEnabled(m_mute->isEnabled());
    m_acknowledge->setEnabled(m_tools && unacknowledged);
    m_acknowledge->setToolTip(unacknowledged ? tr("Say that somebody sees to it: it is not told again (A)") : tr("None of these fires without somebody seeing to it"));
}

void AlertsPane::fillRowMenu(QMenu *menu)
{
    const std::vector<Alert> alerts = selected();
    const bool any = !alerts.empty(), own = std::ranges::any_of(alerts, isOwn);
    menu->addAction(tr("Test"), this, &AlertsPane::test)->setEnabled(m_test->isEnabled());
    menu->addAction(tr("Mute…"), this, &AlertsPane::openMuteMenu)->setEnabled(m_mute->isEnabled());
    menu->addAction(tr("Acknowledge"), this, [this] { acknowledge(selected(), std::nullopt); })->setEnabled(m_acknowledge->isEnabled());
    menu->addSeparator();
    menu->addAction(tr("Switch on"), this, [this] { switchSelected(true); })->setEnabled(own);
    menu->addAction(tr("Switch off"), this, [this] { switchSelected(false); })->setEnabled(own);
    menu->addAction(tr("The same again"), this, &AlertsPane::duplicate)->setEnabled(any && alerts.size() == 1);
    menu->addAction(tr("Remove"), this, &AlertsPane::removeSelected)->setEnabled(own);
}

// --- at once

/// Of what is saved: the receivers of the draft are nobody's yet.
void AlertsPane::test()
{
    const Alert *alert = chosen();
    if (!m_tools || !alert || !m_test->isEnabled())
        return;
    const Alert *saved = stored(*alert);
    if (!saved || saved->notify != alert->notify || saved->secret != alert->secret) {
        view().toast(tr("Save %1 first: what is saved is tested, and its receivers are changed").arg(qt(alert->name)));
        return;
    }
    openTab(DeliveriesTab);
    m_deliveries->showTesting(qt(alert->name));
    m_test->setEnabled(false);
    m_tools->test(alert->id, this, [this, name = qt(alert->name)](const Result<std::vector<gateway::AlertDelivery>> &told) {
        m_deliveries->showTest(name, told);
        refreshActions();
    });
}

void AlertsPane::openMuteMenu()
{
    const std::vector<Alert> alerts = selected();
    if (alerts.empty() || !m_mute->isEnabled())
        return;
    const auto now = board();
    const bool muted = std::ranges::any_of(alerts, [&](const Alert &alert) { return standingOf(alert, *now).mutedUntil.has_value(); });
    auto *menu = new QMenu(this);
    menu->setObjectName(u"alerts.muteMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMuteMenu(menu, view().now(), muted, [this, alerts](std::optional<WallTime> until) { mute(alerts, std::nullopt, until); });
    const widgets::Button *at = m_bulkMute->isVisible() ? m_bulkMute : m_mute;
    menu->popup(at->mapToGlobal(QPoint(0, at->height())));
}

void AlertsPane::mute(const std::vector<Alert> &alerts, const std::optional<std::string> &subject, std::optional<WallTime> until)
{
    if (!m_tools)
        return;
    std::vector<Alert> saved;
    std::ranges::copy_if(alerts, std::back_inserter(saved), [](const Alert &alert) { return !alert.id.empty(); });
    const auto tally = std::make_shared<Tally>(Tally {.left = static_cast<int>(saved.size())});
    for (const Alert &alert : saved) {
        m_tools->mute(alert.id, subject, until, {}, this, [this, tally, saved, subject, until](const Result<bool> &muted) {
            tally->done += muted.has_value();
            if (!muted)
                tally->problem = qt(muted.error().message);
            if (--tally->left > 0)
                return;
            if (!tally->problem.isEmpty())
                return view().toast(tr("Not muted: %1").arg(tally->problem));
            const QString whose = subject && !subject->empty() ? subjectText(saved.front().when.scope, qt(*subject)) : saved.size() == 1 ? qt(saved.front().name) : tr("%n alert(s)", nullptr, static_cast<int>(saved.size()));
            if (!until)
                return view().toast(tr("%1: not muted any more").arg(whose));
            const QString text = *until >= gateway::AlertMute::forGood ? tr("%1: muted until you unmute it").arg(whose) : tr("%1: muted until %2").arg(whose, untilText(*until, view().now()));
            view().toast(text, [this, saved, subject] { mute(saved, subject, std::nullopt); });
        });
    }
}

/// Those that fire; of others there is nothing to see to.
void AlertsPane::acknowledge(const std::vector<Alert> &alerts, const std::optional<std::string> &subject)
{
    if (!m_tools)
        return;
    const auto now = board();
    std::vector<Alert> firing;
    std::ranges::copy_if(alerts, std::back_inserter(firing), [&](const Alert &alert) { return standingOf(alert, *now).unacknowledged > 0; });
    const auto tally = std::make_shared<Tally>(Tally {.left = static_cast<int>(firing.size())});
    for (const Alert &alert : firing) {
        m_tools->acknowledge(alert.id, subject, {}, this, [this, tally](const Result<int> &count) {
            tally->done += count.value_or(0);
            if (!count)
                tally->problem = qt(count.error().message);
            if (--tally->left > 0)
                return;
            view().toast(tally->done == 0 ? tr("Not acknowledged: %1").arg(tally->problem) : tr("%n acknowledged: not told again while it lasts", nullptr, tally->done));
        });
    }
}

bool AlertsPane::inSubjects() const { return m_subjects && m_subjects->isAncestorOf(focusWidget()); }

void AlertsPane::muteByKey()
{
    if (inSubjects())
        m_subjects->openMuteMenu();
    else
        openMuteMenu();
}

void AlertsPane::acknowledgeByKey()
{
    if (inSubjects())
        m_subjects->acknowledge();
    else
        acknowledge(selected(), std::nullopt);
}

// --- in the draft

void AlertsPane::addAlert(Alert alert, const QString &what)
{
    m_table->clearSelection();
    m_chosen = identityOf(alert); // refresh() finds it then
    m_draft.edit(what, [&alert](Config &config) { config.alerts.push_back(std::move(alert)); });
    m_inspector->focusName();
}

void AlertsPane::add(AlertTemplate form) { addAlert(alertOf(form, m_draft.config()), tr("new alert")); }

void AlertsPane::duplicate()
{
    if (const Alert *alert = chosen())
        addAlert(copyOf(*alert, m_draft.config()), tr("copy of %1").arg(qt(alert->name)));
}

void AlertsPane::edit(const QString &what, const std::function<void(Alert &)> &change, const QString &merge)
{
    if (!chosen() || !isOwn(*chosen()))
        return;
    m_draft.edit(what, [at = static_cast<std::size_t>(m_index), &change](Config &config) {
        if (at < config.alerts.size())
            change(config.alerts[at]);
    }, merge.isEmpty() ? merge : u"alert %1 %2"_s.arg(m_index).arg(merge));
}

/// Of all that are selected, but for those of the --config file: one step. From the last to the first, so that one can be taken out.
void AlertsPane::changeSelected(const QString &what, const std::function<void(std::vector<Alert> &, std::size_t)> &change)
{
    std::set<std::string> own;
    for (const Alert &alert : selected()) {
        if (isOwn(alert))
            own.insert(identityOf(alert));
    }
    if (own.empty())
        return;
    m_draft.edit(what, [&](Config &config) {
        for (std::size_t at = config.alerts.size(); at-- > 0;) {
            if (own.contains(identityOf(config.alerts[at])))
                change(config.alerts, at);
        }
    });
}

void AlertsPane::switchSelected(std::optional<bool> on)
{
    const std::vector<Alert> alerts = selected();
    if (alerts.empty())
        return;
    const bool next = on.value_or(!alerts.front().enabled);
    const QString whose = alerts.size() == 1 ? qt(alerts.front().name) : tr("%n alert(s)", nullptr, static_cast<int>(alerts.size()));
    changeSelected(next ? tr("switched on %1").arg(whose) : tr("switched off %1").arg(whose), [next](std::vector<Alert> &all, std::size_t at) { all[at].enabled = next; });
}

void AlertsPane::removeSelected()
{
    std::vector<Alert> own;
    std::ranges::copy_if(selected(), std::back_inserter(own), isOwn);
    if (own.empty())
        return;
    const QString whose = own.size() == 1 ? qt(own.front().name) : tr("%n alert(s)", nullptr, static_cast<int>(own.size()));
    changeSelected(tr("removed %1").arg(whose), [](std::vector<Alert> &all, std::size_t at) { all.erase(all.begin() + static_cast<std::ptrdiff_t>(at)); });
    view().toast(tr("%1: out of the draft").arg(whose), [this] { m_draft.undoStack().undo(); });
}

void AlertsPane::save()
{
    if (!m_inspector->maySave())
        return;
    m_draft.apply(tr("edit alerts"), [this](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied)
            view().toast(tr("Saved as version %1").arg(outcome.revision));
        refresh();
    });
}

} // namespace ui::alerts
