// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/budgets/forecast.h"
#include "ui/panes/scopes/scope_ref.h"

#include <QObject>

#include <optional>

namespace ui::budgets {

/// What a scope spent of late, from the call log: asked once for each scope and period, and again when that is old. One
/// question is out at a time; answers to older ones are dropped. GUI thread.
class SpendHistory final : public QObject
{
    Q_OBJECT
public:
    SpendHistory(gateway::api::Gateway &gateway, QObject *parent);

    /// Asks, unless what is there is of the same and young enough.
    void want(const panes::ScopeRef &scope, const gateway::BudgetState &budget, gateway::WallTime from, gateway::WallTime now);
    void forget() { m_asked.reset(); }   ///< the next want() asks

    [[nodiscard]] bool waiting() const { return m_waiting; }
    [[nodiscard]] const std::vector<Spend> &spend() const { return m_spend; }
    [[nodiscard]] std::uint64_t refused() const { return m_refused; }  ///< calls in the period that were refused by the gateway
    [[nodiscard]] bool known() const { return m_known; }
    [[nodiscard]] const QString &problem() const { return m_problem; } ///< why it cannot be read; empty: it can

Q_SIGNALS:
    void changed();

private:
    struct Asked
    {
        panes::ScopeRef scope {};
        gateway::Period per {};
        std::string endpoint {};
        gateway::WallTime from {}, at {};
    };

    void ask(const gateway::BudgetState &budget);

    gateway::api::Gateway &m_gateway;
    std::optional<Asked> m_asked;
    std::vector<Spend> m_spend;
    std::uint64_t m_refused = 0;
    QString m_problem;
    bool m_waiting = false, m_known = false;
    quint64 m_generation = 0;
};

/// The call log's filter for the calls that a scope's budget counts.
gateway::CallFilter callsOf(const panes::ScopeRef &scope, const std::string &endpoint = {});

} // namespace ui::budgets
