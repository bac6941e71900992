// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/plan_walk.h"

#include "gateway/config/names.h"
#include "gateway/routing/complexity.h"
#include "gateway/routing/limit_claims.h"
#include "gateway/routing/plan_nodes.h"

#include <algorithm>
#include <utility>

namespace gateway::routing {

namespace {

/// "when", "fallback[0].balance": the node's place below its route's plan, and its form.
std::string labelOf(const Node &node, std::string_view form)
{
    constexpr std::string_view root = "plan.";
    return node.place.starts_with(root) ? fmt::format("{}.{}", std::string_view(node.place).substr(root.size()), form) : std::string(form);
}

/// What a record may say of a value: bodies are only kept where the log keeps them, and headers hold secrets.
bool isTold(const Field &field)
{
    return field.source != Field::Source::Body && field.source != Field::Source::Header;
}

/// Remembers the test that decided.
class LastTest final : public Condition::Witness
{
public:
    explicit LastTest(Condition::Witness *next) : m_next(next) {}

    void tested(const Condition &condition, const Condition::Test &test, const FieldValue &saw, bool held) override
    {
        m_condition = &condition;
        m_test = &test;
        m_saw = saw;
        if (m_next)
            m_next->tested(condition, test, saw, held);
    }

    void note(DecisionLog &log, std::string_view place, std::size_t index, Facts &facts) const
    {
        if (!m_test) {
            log.note("{}[{}]", place, index);
            return;
        }
        log.note("{}[{}]: {}{}{} {}", place, index, m_test->field->name, isTold(*m_test->field) ? " " : "", isTold(*m_test->field) ? wordsOf(m_saw) : std::string(),
                 m_condition->wordsOf(*m_test));
        if (m_test->field->source == Field::Source::Complexity && facts.call().scan)
            log.append(fmt::format(" ({})", complexityOf(*facts.call().scan).toText()));
    }

private:
    Condition::Witness *m_next;
    const Condition *m_condition = nullptr;
    const Condition::Test *m_test = nullptr;
    FieldValue m_saw {};
};

std::string_view whoOf(const Limit &limit, const CallFacts &call)
{
    switch (limit.each) {
    case config::LimitEach::Route: return {};
    case config::LimitEach::Key: return call.key;
    case config::LimitEach::Team: return call.team;
    case config::LimitEach::Customer: return call.customer;
    }
    return {};
}

const Node *onlyOf(const std::vector<Node> &branch)
{
    return branch.empty() ? nullptr : &branch.front();
}

} // namespace

PlanWalk::PlanWalk(const Node &root, DecisionLog &log, WalkListener *listener) : m_log(&log), m_listener(listener)
{
    enter(root);
}

void PlanWalk::enter(const Node &node)
{
    if (m_depth < m_frames.size()) // always: compile refuses deeper plans
        m_frames[m_depth++] = {.node = &node};
}

const Target *PlanWalk::next(Outlook &outlook)
{
    while (m_depth > 0) {
        const Node &node = *m_frames[m_depth - 1].node;
        if (const auto *target = std::get_if<std::shared_ptr<const Target>>(&node.value)) {
            leave();
            m_given = &node;
            ++m_targets;
            return target->get();
        }
        step(outlook);
    }
    return nullptr;
}

void PlanWalk::step(Outlook &outlook)
{
    Frame &frame = m_frames[m_depth - 1];
    const Node &node = *frame.node;
    if (const auto *chain = std::get_if<Fallback>(&node.value)) {
        if (frame.given.last == chain->children.size())
            return leave();
        const std::uint32_t child = frame.given.last++;
        if (m_listener)
            m_listener->chained(node, *chain, child);
        enter(chain->children[child]);
    } else if (const auto *nested = std::get_if<Nested>(&node.value)) {
        leave();
        if (m_listener)
            m_listener->entered(node, *nested);
        enter(*nested->plan);
    } else if (const auto *split = std::get_if<Split>(&node.value)) {
        leave();
        draw(node, *split, outlook);
    } else if (const auto *among = std::get_if<Balance>(&node.value)) {
        balance(frame, *among, outlook);
    } else if (const auto *when = std::get_if<When>(&node.value)) {
        leave();
        choose(node, *when, outlook);
    } else if (const auto *bound = std::get_if<Limit>(&node.value)) {
        limit(frame, *bound, outlook);
    }
}

/// The share is a promise: branches that were not drawn are no fallback.
void PlanWalk::draw(const Node &node, const Split &split, Outlook &outlook)
{
    if (split.branches.empty())
        return;
    std::int64_t total = 0;
    for (const Branch &branch : split.branches)
        total += std::max(branch.weight, 0);
    std::int64_t at = static_cast<std::int64_t>(outlook.random.below(static_cast<std::uint64_t>(total)));
    std::size_t drawn = 0;
    while (drawn + 1 < split.branches.size() && total > 0 && (at -= std::max(split.branches[drawn].weight, 0)) >= 0)
        ++drawn;
    m_log->note("{}: {}", labelOf(node, "split"), nameOf(split.branches[drawn].to));
    if (m_listener)
        m_listener->drew(node, split, drawn);
    enter(split.branches[drawn].to);
}

void PlanWalk::balance(Frame &frame, const Balance &balance, Outlook &outlook)
{
    const auto chosen = chooseNext(balance, frame.given, outlook);
    if (!chosen)
        return leave();
    const Choice &choice = balance.among[*chosen];
    m_log->note("{} by {}: {} ({})", labelOf(*frame.node, "balance"), config::toText(balance.by), nameOf(choice.to), figureOf(balance, choice, outlook));
    if (m_listener)
        m_listener->balanced(*frame.node, balance, frame.given, *chosen, outlook);
    frame.given.add(*chosen);
    enter(choice.to);
}

void PlanWalk::choose(const Node &node, const When &when, Outlook &outlook)
{
    LastTest last(m_listener ? &m_listener->witness() : nullptr);
    std::size_t taken = 0;
    while (taken < when.cases.size() && !when.cases[taken].condition->holds(outlook.facts, &last))
        ++taken;
    const Node *to = taken < when.cases.size() ? &when.cases[taken].then : onlyOf(when.otherwise);
    if (taken < when.cases.size())
        last.note(*m_log, labelOf(node, "when"), taken, outlook.facts);
    else
        m_log->note("{}: {}", labelOf(node, "when"), to ? "else" : "no case held");
    if (m_listener)
        m_listener->tookCase(node, when, taken);
    if (to)
        enter(*to);
}

void PlanWalk::limit(Frame &frame, const Limit &limit, Outlook &outlook)
{
    const Node &node = *frame.node;
    const Surroundings &around = outlook.around;
    if (frame.given.mask != 0) { // all below it has been given
        if (around.claims && !outlook.dry && frame.given.mask > 1)
            around.claims->end(frame.given.last, m_targets);
        return leave();
    }
    const CallFacts &call = outlook.facts.call();
    const auto judged = limit.then.empty() ? nullptr : firstTarget(limit.then.front());
    const LimitAsk ask {.who = whoOf(limit, call),
                        .tokens = call.inputTokens + call.outputTokens,
                        .cost = limit.amount && judged ? expectedCost(*judged, outlook).value_or(Money()) : Money()};
    frame.given.mask = 1;
    if (around.memory) {
        auto claim = around.memory->claim(limit, ask);
        if (!claim) {
            m_log->note("{}: {}", labelOf(node, "limit"), claim.error().message);
            if (m_listener)
                m_listener->limited(node, limit, &claim.error());
            leave();
            if (const Node *to = onlyOf(limit.otherwise))
                enter(*to);
            else if (!limit.amount)
                m_metUsedUpLimit = true;
            return;
        }
        if (around.claims && !outlook.dry) {
            frame.given.last = static_cast<std::uint32_t>(around.claims->begin(std::move(*claim), m_targets));
            frame.given.mask = 2;
        }
    }
    if (m_listener)
        m_listener->limited(node, limit, nullptr);
    if (const Node *to = onlyOf(limit.then))
        enter(*to);
}

} // namespace gateway::routing
