// SPDX-License-Identifier: GPL-3.0-or-later
// How the pane changes the chosen route: each function one intent, one undo step.
#include "ui/panes/routes/routes_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/draft_bar.h"
#include "ui/panes/routes/outline.h"
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

void RoutesView::insert(Insert what, const Path &at, int row)
{
    const Route *one = route();
    if (!one || !editable())
        return;
    const auto &kinds = m_context.gateway->providerKinds();
    PlanNode fresh {freshTarget(shown(), kinds, *one)};
    if (what == Insert::Route) {
        const auto reference = freshReference(shown(), *one);
        if (!reference) {
            m_context.view->toast(tr("There is no other route to go on as, or each would lead back here."));
            return;
        }
        fresh.node = *reference;
    }
    Path chosen;
    static const QStringList texts {tr("add a chain"), tr("add a split"), tr("add a model"), tr("add a route")};
    edit(texts[int(what)], [&](Route &route) {
        switch (what) {
        case Insert::Chain: chosen = wrapInChain(route.plan, at, fresh); break;
        case Insert::Split: chosen = wrapInSplit(route.plan, at, fresh); break;
        case Insert::Model:
        case Insert::Route: chosen = row >= 0 ? insertRow(route.plan, at, row, fresh) : insertNear(route.plan, at, fresh); break;
        }
    });
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
    const auto after = walk(route()->plan).size();
    if (const auto gone = static_cast<int>(before) - static_cast<int>(after); gone > 0)
        m_context.view->toast(gone == 1 ? tr("1 node left the route") : tr("%1 nodes left the route").arg(gone), [this] { m_draft.undoStack().undo(); });
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
    if (chosen->isEmpty())
        return;
    std::optional<Path> next;
    edit(tr("remove a node"), [&](Route &one) { next = removeNode(one.plan, *chosen); });
    if (next)
        choose(next);
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

void RoutesView::duplicateChosen()
{
    const auto chosen = m_canvas->chosen();
    if (!chosen) {
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
        return;
    }
    std::optional<Path> next;
    edit(tr("duplicate a node"), [&](Route &one) { next = duplicateNode(one.plan, *chosen); });
    if (next)
        choose(next);
}

void RoutesView::moveChosen(int step)
{
    const auto chosen = m_canvas->chosen();
    if (!chosen || chosen->isEmpty())
        return;
    const Path chain = chosen->first(chosen->size() - 1);
    const int from = chosen->last(), to = from + step;
    bool moved = false;
    edit(tr("move row %1 to %2").arg(from + 1).arg(to + 1), [&](Route &one) { moved = moveRow(one.plan, chain, from, to); });
    if (!moved)
        return;
    Path there = chain;
    there.append(to);
    choose(there);
}

void RoutesView::setShares(const Path &split, const QList<int> &typed)
{
    edit(tr("shares of a split"), [&](Route &one) {
        auto *node = std::get_if<SplitNode>(&nodeAt(one.plan, split)->node);
        if (!node || node->branches.size() != static_cast<std::size_t>(typed.size()))
            return;
        for (std::size_t i = 0; i < node->branches.size(); ++i)
            node->branches[i].weight = typed[static_cast<qsizetype>(i)];
        const QList<int> whole = shares(*node);
        for (std::size_t i = 0; i < node->branches.size(); ++i)
            node->branches[i].weight = whole[static_cast<qsizetype>(i)];
    });
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
