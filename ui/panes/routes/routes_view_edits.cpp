// SPDX-License-Identifier: GPL-3.0-or-later
// How the pane changes the chosen route: each function one intent, one undo step.
#include "ui/panes/routes/routes_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/draft_bar.h"
#include "ui/panes/routes/outline.h"
#include "ui/panes/routes/plan_shares.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/panes/routes/routes_side.h"

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

void RoutesView::edit(const QString &what, const std::function<void(Route &)> &change, const QString &merge)
{
    const int index = draftIndex();
    if (index < 0 || !editable())
        return;
    const std::string before = m_routeId;
    std::string after = before;
    // A new route is told by its name until it is published: the choice follows it.
    m_draft.edit(what, [&, index](Config &config) {
        Route &one = config.routes[static_cast<std::size_t>(index)];
        change(one);
        after = m_routeId = identityOf(one);
    }, merge.isEmpty() ? merge : QString::number(index) + u' ' + merge);
    if (after != before)
        refresh();
}

void RoutesView::choose(const std::optional<Path> &path)
{
    m_canvas->setChosen(path);
    m_side->outline()->setChosen(path);
}

PlanNode RoutesView::freshNode(const Route &route, NodeKind kind) const
{
    if (kind == NodeKind::Route)
        if (const auto reference = freshReference(m_draft.config(), route))
            return {*reference};
    return {freshTarget(m_draft.config(), m_context.gateway->providerKinds(), route)};
}

void RoutesView::insert(NodeKind kind, const Spot &spot)
{
    const Route *one = route();
    if (!one || !editable())
        return;
    if (kind == NodeKind::Route && !freshReference(m_draft.config(), *one)) {
        m_context.view->toast(tr("There is no other route to go on as, or each would lead back here."));
        return;
    }
    Path chosen;
    edit(tr("add a %1").arg(kindName(kind)), [&](Route &route) { chosen = insertAt(route.plan, kind, spot, [&] { return freshNode(route, kind); }); });
    choose(chosen);
}

void RoutesView::connectNodes(const Port &from, const Path &to)
{
    const Route *one = route();
    if (!one)
        return;
    const auto before = walk(one->plan).size();
    std::optional<Path> now;
    edit(tr("draw a line"), [&](Route &changed) { now = connectTo(changed.plan, from, to); });
    if (!now)
        return;
    choose(*now);
    tellGone(before);
}

void RoutesView::tellGone(std::size_t before)
{
    const auto gone = static_cast<int>(before) - static_cast<int>(walk(route()->plan).size());
    if (gone > 0)
        m_context.view->toast(gone == 1 ? tr("1 node left the route") : tr("%1 nodes left the route").arg(gone), [this] { m_draft.undoStack().undo(); });
}

void RoutesView::moveNode(const Path &parent, int from, int to)
{
    if (below(parent, from) != m_movedTo)
        ++m_moves;
    bool moved = false;
    edit(tr("move row %1 to %2").arg(from + 1).arg(to + 1), [&](Route &one) { moved = moveChild(one.plan, parent, from, to); }, u"move %1"_s.arg(m_moves));
    if (!moved)
        return;
    m_movedTo = below(parent, to);
    choose(m_movedTo);
}

void RoutesView::moveChosen(int step)
{
    const auto chosen = m_canvas->chosen();
    if (chosen && !chosen->isEmpty())
        moveNode(parentOf(*chosen), chosen->last(), chosen->last() + step);
}

void RoutesView::removeChosen()
{
    if (!editable())
        return;
    const auto chosen = m_canvas->chosen();
    if (!chosen) {
        if (m_inspector->isAncestorOf(focusWidget()) || sender() == m_inspector)
            removeRoute();
        return;
    }
    if (chosen->isEmpty()) {
        m_context.view->toast(tr("A route leads somewhere: its first node cannot be deleted, only unwrapped or replaced."));
        return;
    }
    const auto before = walk(route()->plan).size();
    std::optional<Path> next;
    edit(tr("remove a node"), [&](Route &one) { next = removeNode(one.plan, *chosen); });
    if (!next)
        return;
    choose(next);
    if (before - walk(route()->plan).size() > 1)
        tellGone(before);
}

void RoutesView::unwrapChosen()
{
    const auto chosen = m_canvas->chosen();
    if (!chosen || !editable())
        return;
    const auto before = walk(route()->plan).size();
    edit(tr("unwrap a node"), [&](Route &one) { unwrapNode(one.plan, *chosen); });
    choose(chosen);
    refreshInspector();
    if (before - walk(route()->plan).size() > 1)
        tellGone(before);
}

void RoutesView::removeRoute()
{
    const Route *one = route();
    if (!one)
        return;
    const int index = draftIndex();
    const QString name = bridge::qt(one->name);
    m_draft.edit(tr("delete route %1").arg(name), [index](Config &config) { config.routes.erase(config.routes.begin() + index); });
    m_context.view->toast(tr("Route %1 is gone from the draft").arg(name), [this] { m_draft.undoStack().undo(); });
}

void RoutesView::duplicateRoute()
{
    const Route *one = route();
    if (!one)
        return;
    Route copy = *one;
    copy.id.clear();
    copy.aliases.clear();
    copy.origin = Origin::Database;
    copy.name = freeRouteName(m_draft.config(), copy.name);
    m_draft.edit(tr("duplicate route %1").arg(bridge::qt(one->name)), [copy](Config &config) { config.routes.push_back(copy); });
    chooseRoute(static_cast<int>(m_draft.config().routes.size()) - 1);
}

void RoutesView::duplicateChosen()
{
    const auto chosen = m_canvas->chosen();
    if (!chosen) {
        duplicateRoute();
        return;
    }
    std::optional<Path> next;
    edit(tr("duplicate a node"), [&](Route &one) { next = duplicateNode(one.plan, *chosen); });
    if (next)
        choose(next);
}

void RoutesView::setSharesOf(const Path &split, const QList<int> &typed)
{
    edit(tr("shares of a split"), [&](Route &one) {
        if (auto *node = std::get_if<SplitNode>(&nodeAt(one.plan, split)->node))
            setShares(*node, typed);
    });
}

void RoutesView::revert()
{
    // The draft is kept beside, so that the toast can bring it back.
    const Config kept = m_draft.config();
    m_draft.revert();
    m_context.view->toast(tr("The draft is what is live again"), [this, kept] { m_draft.edit(tr("bring the draft back"), [kept](Config &config) { config = kept; }); });
}

void RoutesView::takeYaml(const Route &typed)
{
    edit(tr("edit as text"), [typed](Route &one) { one = typed; }, u"yaml"_s);
}

void RoutesView::addRoute(Template form)
{
    if (m_draft.config().providers.empty()) {
        m_context.view->toast(tr("A route needs a provider. Add one first."));
        m_context.view->openPane(u"providers"_s);
        return;
    }
    m_bar->showLive(false);
    m_side->clearSearch();
    const Route fresh = freshRoute(m_draft.config(), m_context.gateway->providerKinds(), form);
    m_draft.edit(tr("new route %1").arg(bridge::qt(fresh.name)), [fresh](Config &config) { config.routes.push_back(fresh); });
    chooseRoute(static_cast<int>(m_draft.config().routes.size()) - 1);
    choose(std::nullopt);
    m_inspector->focusFirst();
}

} // namespace ui::routes
