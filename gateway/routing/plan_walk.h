// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/balance.h"
#include "gateway/routing/condition.h"
#include "gateway/routing/decision_log.h"
#include "gateway/routing/plan.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gateway::routing {

/// Hears what the nodes of a plan decide: for explanations. Each function before the walk goes on.
class WalkListener
{
public:
    virtual ~WalkListener() = default;
    virtual void drew(const Node &node, const Split &split, std::size_t branch) = 0;
    virtual void balanced(const Node &node, const Balance &balance, const Given &given, std::size_t choice, Outlook &outlook) = 0;
    /// @param taken  into its cases; one behind: `else`, or nowhere where it has none
    virtual void tookCase(const Node &node, const When &when, std::size_t taken) = 0;
    virtual void limited(const Node &node, const Limit &limit, const Error *usedUp) = 0;
    virtual void entered(const Node &node, const Nested &nested) = 0;
    virtual void chained(const Node &node, const Fallback &chain, std::size_t child) = 0;
    virtual Condition::Witness &witness() = 0;
};

/// Goes through a plan's tree and gives its targets one after another, in the order in which they are to be asked. Decides
/// at each node only when it comes there: what a former target's end changed counts, and branches that no call needs cost
/// nothing. One for each call; allocates nothing, but for claims of limit nodes.
class PlanWalk
{
public:
    /// @param root      outlives it
    /// @param listener  null: nobody wants to know
    PlanWalk(const Node &root, DecisionLog &log, WalkListener *listener = nullptr);

    /// The next target; null: there is none.
    [[nodiscard]] const Target *next(Outlook &outlook);
    /// Whether a limit node had no room for the call, and nowhere else to send it. Of one that counts money this is not told: there
    /// is no waiting for it.
    [[nodiscard]] bool metUsedUpLimit() const { return m_metUsedUpLimit; }
    /// Which one that was, as the place of its node.
    [[nodiscard]] const Node *node() const { return m_given; }

private:
    struct Frame
    {
        const Node *node = nullptr;
        Given given {}; ///< of a balance; of a chain `last` is the next child; of a limit the claim
    };

    void enter(const Node &node);
    void step(Outlook &outlook);
    void leave() { --m_depth; }
    void draw(const Node &node, const Split &split, Outlook &outlook);
    void balance(Frame &frame, const Balance &balance, Outlook &outlook);
    void choose(const Node &node, const When &when, Outlook &outlook);
    void limit(Frame &frame, const Limit &limit, Outlook &outlook);

    std::array<Frame, deepestPlan + 2> m_frames;
    std::size_t m_depth = 0;
    std::size_t m_targets = 0;      ///< given so far
    bool m_metUsedUpLimit = false;
    const Node *m_given = nullptr;
    DecisionLog *m_log;
    WalkListener *m_listener;
};

} // namespace gateway::routing
