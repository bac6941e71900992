// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/storage/database.h"
#include "gateway/storage/priced_rows.h"

#include <memory>
#include <optional>

namespace gateway::storage {

/// A re-pricing that is to be made.
struct RepriceOrder
{
    RepriceQuery query;
    PricesNow now;
    std::string author {};
};

/// Gives calls of the past a second figure, a little at a time: a step is one short transaction (some milliseconds), so that the
/// writer never waits long. Nobody sees a run's figures before all of them are there; one that is stopped, also by the end of the
/// process, leaves none. A run that changes nothing is not kept. Writer's thread.
class Repricer
{
public:
    explicit Repricer(Database &database);

    /// `reprice_runs.state`. These numbers are in files.
    enum State : std::int64_t { Running = 0, Done = 1, Dropping = 2 };

    /// Runs that were not done when the last process ended are dropped. Call once, first.
    Result<> begin();

    /// @return the run's number. Conflict: one is under way, or being undone; Invalid: a filter that the log lacks
    Result<std::int64_t> start(RepriceOrder order, WallTime now);

    /// Takes a run's figures away; one that runs is stopped. Conflict: a later one stands on it; NotFound.
    Result<> drop(std::int64_t run);

    /// @return whether there is more to do
    Result<bool> step();
    [[nodiscard]] bool busy() const { return m_run != 0; }

private:
    Result<bool> oneStep();
    Result<bool> reprice();
    Result<bool> remove();
    Result<> keep(const PricedRow &row);
    Result<> note(std::int64_t next, std::int64_t state);
    Result<> lookForDropped();

    Database &m_database;
    std::optional<RepriceOrder> m_order;
    std::unique_ptr<PricedRows> m_rows;
    std::int64_t m_run = 0;            ///< that is made or dropped; 0: none
    bool m_dropping = false;
    std::int64_t m_next = 0, m_last = 0;
    std::int64_t m_rowsAStep;
    RepriceFigures m_figures;
    std::optional<Statement> m_insert;
};

} // namespace gateway::storage
