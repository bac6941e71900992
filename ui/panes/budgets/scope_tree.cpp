// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/scope_tree.h"

#include "ui/bridge/team_colors.h"
#include "ui/bridge/text.h"
#include "ui/panes/scopes/scope_words.h"
#include "ui/widgets/format.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

using bridge::qt;
using gateway::BudgetState;
using gateway::ScopeKind;
using gateway::ScopeState;
using gateway::config::Origin;
using gateway::config::Quota;
using panes::ScopeRef;

constexpr int noTeamColor = -2;

QString toldWords(const ScopeRef &scope, const std::string &team, const Quota &quota)
{
    QString text = qt(scope.name) + u' ' + panes::kindWord(scope.kind) + u' ' + qt(team);
    for (const auto &budget : quota.budgets)
        text += u' ' + qt(budget.endpoint);
    for (const auto &limit : quota.limits)
        text += u' ' + qt(limit.endpoint);
    return text;
}

} // namespace

ScopeTree::ScopeTree(QObject *parent) : QAbstractItemModel(parent), m_config(std::make_shared<const gateway::config::Config>()), m_nodes(1) {}

void ScopeTree::setConfig(gateway::api::ConfigPtr config)
{
    if (config == m_config)
        return;
    m_config = std::move(config);
    m_keyIds.clear();
    for (const gateway::config::VirtualKey &key : m_config->keys)
        m_keyIds.emplace(key.name, key.id);
    rebuild();
}

void ScopeTree::setSearch(const QString &words)
{
    const QStringList next = words.split(u' ', Qt::SkipEmptyParts);
    if (next == m_words)
        return;
    m_words = next;
    rebuild();
}

void ScopeTree::setStanding(panes::Standing standing)
{
    const auto customers = [](const panes::Standing &of) { return std::ranges::count(of.all(), ScopeKind::Customer, &ScopeState::kind); };
    const bool others = customers(standing) != customers(m_standing);
    m_standing = std::move(standing);
    if (others)
        rebuild(); // callers name new customers at any time
    touch();
}

void ScopeTree::setUse(std::optional<gateway::api::UseSummary> use)
{
    m_use = std::move(use);
    m_keyUse.clear();
    for (std::size_t i = 0; m_use && i < m_use->keys.size(); ++i)
        m_keyUse.emplace(m_use->keys[i].keyId, i);
    touch();
}

void ScopeTree::setConflicts(const std::vector<Conflict> &conflicts)
{
    m_conflicts.clear();
    for (const Conflict &conflict : conflicts) {
        QString &text = m_conflicts[conflict.scope];
        text += text.isEmpty() ? conflict.text : u'\n' + conflict.text;
    }
    touch();
}

/// What is on the screen is painted anew; rows stay where they are. A view asks for what it shows alone.
void ScopeTree::touch()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0));
}

bool ScopeTree::wanted(const ScopeRef &scope, const std::string &team, const Quota &quota) const
{
    if (m_words.isEmpty())
        return true;
    const QString told = toldWords(scope, team, quota);
    return std::ranges::all_of(m_words, [&](const QString &word) { return told.contains(word, Qt::CaseInsensitive); });
}

ScopeTree::Node ScopeTree::nodeOf(const ScopeRef &scope, bool locked, const std::string &team)
{
    Node node;
    node.scope = scope;
    node.locked = locked;
    node.team = team;
    return node;
}

std::size_t ScopeTree::addHeading(std::vector<Node> &nodes, const QString &heading)
{
    Node node;
    node.heading = heading;
    return add(nodes, 0, std::move(node));
}

std::size_t ScopeTree::add(std::vector<Node> &nodes, std::size_t parent, Node node)
{
    node.parent = parent;
    node.row = static_cast<int>(nodes[parent].children.size());
    nodes[parent].children.push_back(nodes.size());
    nodes.push_back(std::move(node));
    return nodes.size() - 1;
}

void ScopeTree::addTeams(std::vector<Node> &nodes) const
{
    std::unordered_map<std::string_view, std::vector<const gateway::config::VirtualKey *>> keys;
    for (const auto &key : m_config->keys) {
        if (wanted({ScopeKind::Key, key.name}, key.team, key.quota))
            keys[key.team].push_back(&key);
    }
    const bool alone = wanted({}, {}, m_config->organisation.quota);
    const auto addKeys = [&](std::size_t parent, std::string_view team) {
        for (const auto *key : keys[team])
            add(nodes, parent, nodeOf({ScopeKind::Key, key->name}, key->origin == Origin::File, key->team));
    };
    std::vector<const gateway::config::Team *> teams;
    for (const auto &team : m_config->teams) {
        if (keys.contains(team.name) || wanted({ScopeKind::Team, team.name}, {}, team.quota))
            teams.push_back(&team);
    }
    if (!alone && teams.empty() && keys.empty())
        return;
    const std::size_t organisation = add(nodes, 0, nodeOf({}, m_config->fileSections.contains("organisation")));
    for (const auto *team : teams)
        addKeys(add(nodes, organisation, nodeOf({ScopeKind::Team, team->name}, team->origin == Origin::File)), team->name);
    addKeys(organisation, {});
}

template <typename Entries>
void ScopeTree::addGroup(std::vector<Node> &nodes, const QString &heading, ScopeKind kind, const Entries &entries) const
{
    std::vector<Node> rows;
    for (const auto &entry : entries) {
        if (wanted({kind, entry.name}, {}, entry.quota))
            rows.push_back(nodeOf({kind, entry.name}, entry.origin == Origin::File));
    }
    if (rows.empty())
        return;
    const std::size_t group = addHeading(nodes, heading);
    for (Node &row : rows)
        add(nodes, group, std::move(row));
}

void ScopeTree::rebuild()
{
    std::vector<Node> nodes(1);
    addTeams(nodes);
    const ScopeRef everyCustomer {ScopeKind::Customer, {}};
    std::vector<std::string> customers;
    for (const ScopeState &state : m_standing.all()) {
        if (state.kind == ScopeKind::Customer && wanted({ScopeKind::Customer, state.name}, {}, {}))
            customers.push_back(state.name);
    }
    if (!customers.empty() || wanted(everyCustomer, {}, panes::quotaOf(*m_config, everyCustomer))) {
        const bool locked = m_config->fileSections.contains("customers");
        const std::size_t group = addHeading(nodes, tr("Customers"));
        add(nodes, group, nodeOf(everyCustomer, locked));
        for (const std::string &name : customers)
            add(nodes, group, nodeOf({ScopeKind::Customer, name}, locked));
    }
    addGroup(nodes, tr("Providers"), ScopeKind::Provider, m_config->providers);
    addGroup(nodes, tr("Routes"), ScopeKind::Route, m_config->routes);
    addGroup(nodes, tr("Tags"), ScopeKind::Tag, m_config->tags);
    if (std::ranges::equal(nodes, m_nodes, [](const Node &a, const Node &b) { return a.same(b); })) {
        touch();
        return;
    }
    beginResetModel();
    m_nodes = std::move(nodes);
    m_places.clear();
    m_scopes = 0;
    for (std::size_t i = 1; i < m_nodes.size(); ++i) {
        if (!m_nodes[i].heading.isEmpty())
            continue;
        m_places.emplace(m_nodes[i].scope, i);
        ++m_scopes;
    }
    endResetModel();
    Q_EMIT rowsRebuilt();
}

const ScopeTree::Node *ScopeTree::node(const QModelIndex &index) const
{
    return index.isValid() && index.internalId() < m_nodes.size() ? &m_nodes[index.internalId()] : nullptr;
}

std::optional<ScopeRef> ScopeTree::scope(const QModelIndex &index) const
{
    const Node *one = node(index);
    return one && one->heading.isEmpty() ? std::optional(one->scope) : std::nullopt;
}

QModelIndex ScopeTree::indexOf(const ScopeRef &scope) const
{
    const auto found = m_places.find(scope);
    return found == m_places.end() ? QModelIndex() : createIndex(m_nodes[found->second].row, 0, found->second);
}

QModelIndex ScopeTree::index(int row, int column, const QModelIndex &parent) const
{
    const Node &above = parent.isValid() ? m_nodes[parent.internalId()] : m_nodes.front();
    if (column != 0 || row < 0 || static_cast<std::size_t>(row) >= above.children.size())
        return {};
    return createIndex(row, 0, above.children[static_cast<std::size_t>(row)]);
}

QModelIndex ScopeTree::parent(const QModelIndex &child) const
{
    const Node *one = node(child);
    if (!one || one->parent == 0)
        return {};
    return createIndex(m_nodes[one->parent].row, 0, one->parent);
}

int ScopeTree::rowCount(const QModelIndex &parent) const
{
    const Node &above = parent.isValid() ? m_nodes[parent.internalId()] : m_nodes.front();
    return static_cast<int>(above.children.size());
}

Qt::ItemFlags ScopeTree::flags(const QModelIndex &index) const
{
    const Node *one = node(index);
    return one && !one->heading.isEmpty() ? Qt::ItemIsEnabled : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

const BudgetState *ScopeTree::budget(const Node &one) const
{
    const ScopeState *state = m_standing.find(one.scope);
    if (!state || state->budgets.empty())
        return nullptr;
    const BudgetState *own = panes::tightest(*state);
    return own ? own : &state->budgets.front(); // one of an endpoint's calls
}

QString ScopeTree::spentOf(const Node &one) const
{
    if (const BudgetState *own = budget(one))
        return panes::spentText(*own);
    std::optional<gateway::Money> spent;
    if (m_use && one.scope.kind == ScopeKind::Key) {
        const auto id = m_keyIds.find(one.scope.name);
        const auto use = id == m_keyIds.end() ? m_keyUse.end() : m_keyUse.find(id->second);
        spent = use == m_keyUse.end() ? gateway::Money() : m_use->keys[use->second].spent;
    } else if (m_use && one.scope.kind == ScopeKind::Team) {
        const auto use = std::ranges::find(m_use->teams, one.scope.name, &gateway::api::TeamUse::team);
        spent = use == m_use->teams.end() ? gateway::Money() : use->spent;
    }
    return spent ? tr("%1, no cap of its own").arg(widgets::moneyTotal(*spent)) : tr("no cap of its own");
}

QString ScopeTree::noteOf(const Node &one) const
{
    const auto cap = m_standing.bindingCap(one.scope, one.team);
    if (cap && cap->of != one.scope)
        return tr("%1 binds").arg(panes::inWords(cap->of));
    const BudgetState *own = budget(one);
    return own && own->raised ? tr("raised") : QString();
}

QString ScopeTree::tip(const Node &one) const
{
    QStringList lines;
    if (one.locked)
        lines << tr("Set by %1, edit it there").arg(m_file.isEmpty() ? tr("the --config file") : m_file);
    if (const auto found = m_conflicts.find(one.scope); found != m_conflicts.end())
        lines << found->second;
    if (const ScopeState *state = m_standing.find(one.scope)) {
        for (const BudgetState &each : state->budgets)
            lines << tr("%1 (%2), %3").arg(panes::spentText(each), panes::usedText(each), panes::resetText(each));
    }
    if (const auto cap = m_standing.bindingCap(one.scope, one.team))
        lines << panes::bindingText(one.scope, *cap);
    return lines.join(u'\n');
}

/// The row as one sentence.
QString ScopeTree::spoken(const Node &one) const
{
    QStringList parts {panes::titleOf(one.scope), panes::kindWord(one.scope.kind), spentOf(one)};
    if (const BudgetState *own = budget(one)) {
        parts << panes::usedText(*own);
        if (panes::levelOf(*own) == panes::Level::UsedUp)
            parts << tr("used up");
    }
    if (const QString note = noteOf(one); !note.isEmpty())
        parts << note;
    if (const auto found = m_conflicts.find(one.scope); found != m_conflicts.end())
        parts << found->second;
    return parts.join(u", "_s);
}

QVariant ScopeTree::data(const QModelIndex &index, int role) const
{
    const Node *one = node(index);
    if (!one)
        return {};
    const bool heading = !one->heading.isEmpty();
    if (role == IsHeading)
        return heading;
    if (heading)
        return role == Qt::DisplayRole || role == Qt::AccessibleTextRole ? QVariant(one->heading) : QVariant();
    const BudgetState *own = budget(*one);
    switch (role) {
    case Qt::DisplayRole: return panes::titleOf(one->scope);
    case Qt::AccessibleTextRole: return spoken(*one);
    case Qt::ToolTipRole: return tip(*one);
    case KindIcon: return static_cast<int>(panes::iconOf(one->scope.kind));
    case TeamColor: return one->scope.kind == ScopeKind::Team ? bridge::teamColor(*m_config, one->scope.name) : noTeamColor;
    case Spent: return spentOf(*one);
    case SpentBriefly: return own ? tr("%1 / %2").arg(widgets::moneyTotal(own->spent + own->reserved), panes::amountText(own->amount)) : spentOf(*one);
    case Note: return noteOf(*one);
    case Used: return own ? panes::usedText(*own) : QString();
    case HasBar: return own != nullptr;
    case SpentShare:
    case ReservedShare: {
        if (!own)
            return 0.0;
        const double amount = static_cast<double>(own->amount.nanos());
        if (amount <= 0)
            return role == SpentShare ? 1.0 : 0.0;
        return static_cast<double>((role == SpentShare ? own->spent : own->reserved).nanos()) / amount;
    }
    case Marks: {
        QList<double> marks;
        if (own) {
            const Quota quota = panes::quotaOf(*m_config, one->scope);
            if (const auto *rule = panes::ruleOf(quota, *own, m_config->gateway.timeZone))
                marks = QList<double>(rule->warnAt.begin(), rule->warnAt.end());
        }
        return QVariant::fromValue(marks);
    }
    case LevelRole: return static_cast<int>(own ? panes::levelOf(*own) : panes::Level::Fine);
    case Conflicts: {
        const auto found = m_conflicts.find(one->scope);
        return found == m_conflicts.end() ? QString() : found->second;
    }
    case Locked: return one->locked;
    default: return {};
    }
}

} // namespace ui::budgets
