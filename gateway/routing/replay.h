// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/past_call.h"
#include "gateway/core/replay.h"
#include "gateway/routing/call_facts.h"
#include "gateway/routing/drawn_times.h"
#include "gateway/routing/past_figures.h"
#include "gateway/routing/plan.h"
#include "gateway/routing/surroundings.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::routing {

/// Takes calls of the past through plans, and says what would be otherwise. Pure: what the log says is given, nobody is asked.
/// One thread. Memory is bounded by the ways that calls take through the plans and by `listed`, not by the calls.
///
/// What is taken for granted: every target is in health and has room; an answer is as long as it was; a visit whose end the log
/// knows (the same call, the same target) ends so again; any other ends as all visits to that target did on the average, and
/// takes the time that they took for so many tokens. A visit that fails counts as a 503 for what the plan does next, takes
/// the time that failed ones took, and costs nothing.
class Replay
{
public:
    /// @param past  of all calls in the time
    Replay(const ReplayQuery &query, const std::vector<TargetPast> &past);

    /// What a call's plan is given to decide.
    struct Decision
    {
        std::shared_ptr<const Plan> plan;
        std::string_view star {};   ///< as for AttemptSequence
        const CallFacts &facts;
        PlanMemory *memory = nullptr;
        PriceView *prices = nullptr;
        SteadyTime now {};
    };
    /// A call that is sent.
    void add(const PastCall &call, const Decision &decision);
    /// A call that is not sent any more, and why.
    void refuse(const PastCall &call, std::string why);
    void countLeft() { ++m_report.calls, ++m_report.left; }             ///< refused before any attempt
    void countUnreadable() { ++m_report.calls, ++m_report.unreadable; } ///< its body is needed and gone

    /// Once, at the end. `notLogged` is the caller's to fill.
    [[nodiscard]] ReplayReport report();

private:
    static constexpr std::size_t mostSteps = 6; ///< of a way: what comes behind has hardly a share in anything

    using Step = Stay;
    struct Way
    {
        std::array<Step, mostSteps> steps {};
        std::size_t size = 0;
        bool known = true;            ///< the log says something of each of them
        bool priced = true;
        [[nodiscard]] const Step &first() const { return steps[0]; }
        [[nodiscard]] const Step &last() const { return steps[size - 1]; }
    };
    /// All calls that take the same way: their sums by step.
    struct Group
    {
        struct Sum { double cost = 0, okSeconds = 0, failedSeconds = 0; };
        std::uint64_t calls = 0;
        std::array<Sum, mostSteps> sums {};
    };
    using Key = std::array<std::uint32_t, mostSteps>; ///< target * 4 + end + 1 of each step; 0: there is none
    struct Totals { double cost = 0, failed = 0, seconds = 0; };

    [[nodiscard]] Way wayOf(const PastCall &call, const Decision &decision);
    [[nodiscard]] Step stepOf(const PastCall &call, const Target &target, const Decision &decision);
    [[nodiscard]] bool isChanged(const PastCall &call, const Way &way);
    void compare(const PastCall &call, const Way &way, ReplayedCall &shown);
    void list(const PastCall &call, ReplayedCall shown);
    [[nodiscard]] double chanceOf(const Step &step) const;
    void countSent(std::uint32_t target, bool after);
    [[nodiscard]] std::string nameOf(std::uint32_t target) const;
    void estimate();
    [[nodiscard]] Totals totalsOf(const std::vector<PastFigures::Draw> &past, std::mt19937_64 *random) const;

    const ReplayQuery m_query;
    PastFigures m_figures;
    DrawnTimes m_times;
    ReplayReport m_report;
    std::map<Key, Group> m_groups;
    struct Sent { std::uint64_t before = 0, after = 0; };
    std::vector<Sent> m_sent;                          ///< by target
    std::map<std::uint64_t, ReplayedCall> m_listed;    ///< by a number drawn for each: the smallest stay
};

} // namespace gateway::routing
