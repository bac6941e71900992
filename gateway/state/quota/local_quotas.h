// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/state/quota/accounts.h"
#include "gateway/state/quota/quotas.h"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace gateway::state {

/// The books of one process, in memory. One mutex for all of them: a claim looks at some ten accounts, and what it must
/// see of one it must see of all. Accounts outlive edits of the configuration.
///
/// Who shares rules with others is named by callers: so many have accounts of their own at a time, the rest share those
/// of `other` (config.md).
class LocalQuotas final : public Quotas
{
public:
    static constexpr std::size_t mostMembers = 100'000;
    static constexpr std::string_view other = "other";

    /// @param clock  must outlive it
    explicit LocalQuotas(const Clock &clock) : m_clock(clock) {}

    std::expected<Reservation, QuotaRefusal> reserve(const QuotaAsk &ask) override;
    std::optional<QuotaRefusal> raise(Reservation &reservation, const QuotaAsk &ask) override;
    [[nodiscard]] std::optional<QuotaRefusal> refusal(const QuotaAsk &ask, const Reservation *reservation) override;
    [[nodiscard]] QuotaRoom room(std::span<const Scope> scopes, Endpoint endpoint) override;
    [[nodiscard]] double used(const Scope &scope, const Reservation *own) override;
    [[nodiscard]] std::vector<ScopeState> states(std::span<const Scope> scopes) override;
    [[nodiscard]] std::vector<ScopeState> members(const ScopeRules &rules, std::size_t most) override;
    [[nodiscard]] std::vector<QuotaWarning> takeMarks() override;

    /// What was spent before the start: for accounts that nobody has asked about yet. Of an account's several windows the
    /// latest counts. Any thread, but before the first call.
    void restore(std::vector<BudgetCharge> stored);

    /// Drops accounts of members that no call is under way for and whose windows are over: looks at so many of them, and at
    /// the next ones the next time. Any thread.
    void sweep(std::size_t most = 4096);
    [[nodiscard]] std::size_t accounts() const;

protected:
    void settle(Reservation &reservation, Money cost, std::int64_t tokens, std::vector<BudgetCharge> *charges, std::optional<SteadyTime> now) override;
    void giveBack(Reservation &reservation) override;

private:
    using Now = Moment;
    /// A member that has accounts, and which: those of its scope's rules.
    struct Member
    {
        std::uint64_t first = 0;              ///< account of the rules
        std::string name;
        std::vector<std::uint64_t> budgets, limits;
    };
    struct Stored { WallTime windowFrom; Money spent; };

    [[nodiscard]] Now now() const { return {m_clock.wallNow(), m_clock.steadyNow()}; }
    [[nodiscard]] Now momentOf(const QuotaAsk &ask) const { return ask.now ? *ask.now : now(); }
    [[nodiscard]] Scope admitted(const Scope &scope);
    BudgetAccount &budget(const Scope &scope, const BudgetRule &rule, WallTime now);
    LimitAccount &limit(const Scope &scope, const LimitRule &rule);
    /// @param into  gets the accounts of all rules that apply, in their order, nothing held yet
    [[nodiscard]] std::optional<QuotaRefusal> refusalOf(const QuotaAsk &ask, const Scope &scope, const Now &now, Reservation &into);
    [[nodiscard]] static std::optional<QuotaRefusal> budgetRefusal(const QuotaAsk &ask, const Scope &scope, const BudgetRule &rule, const BudgetAccount &account, const Now &now);
    [[nodiscard]] static std::optional<QuotaRefusal> limitRefusal(const QuotaAsk &ask, const Scope &scope, const LimitRule &rule, LimitAccount &account, const Now &now);
    [[nodiscard]] std::optional<QuotaRefusal> raiseRefusal(const QuotaAsk &ask, const Reservation &reservation, const Now &now);
    void hold(Reservation &reservation, const QuotaAsk &ask, const Now &now);
    void noteMarks(const Scope &scope, const BudgetRule &rule, BudgetAccount &account, WallTime now, std::unique_ptr<QuotaWarning> &warning);
    [[nodiscard]] ScopeState stateOf(const Scope &scope, const Now &now);
    [[nodiscard]] bool isOver(const Member &member, const Now &now);
    void forget(std::uint64_t member);

    const Clock &m_clock;
    mutable std::mutex m_mutex;
    std::unordered_map<std::uint64_t, std::unique_ptr<BudgetAccount>> m_budgets;
    std::unordered_map<std::uint64_t, std::unique_ptr<LimitAccount>> m_limits;
    std::unordered_map<std::uint64_t, Member> m_members;  ///< by the rules and whose they are
    std::unordered_map<std::uint64_t, Stored> m_stored;   ///< of accounts that are not there yet
    std::vector<QuotaWarning> m_marks;                    ///< not taken yet
    std::size_t m_sweptBucket = 0;                        ///< of m_members
};

} // namespace gateway::state
