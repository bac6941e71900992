// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/repricer.h"

#include "gateway/storage/call_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace gateway::storage {

namespace {

constexpr std::int64_t firstRowsAStep = 500;
constexpr std::int64_t fewestRowsAStep = 50;
constexpr std::int64_t mostRowsAStep = 20'000; // of which few may be the filter's
constexpr std::chrono::milliseconds shortStep {3};
constexpr std::chrono::milliseconds longStep {10};

} // namespace

Repricer::Repricer(Database &database) : m_database(database), m_rowsAStep(firstRowsAStep) {}

Result<> Repricer::begin()
{
    if (auto stopped = m_database.run(fmt::format("UPDATE reprice_runs SET state = {}, next_row = first_row WHERE state = {}", static_cast<std::int64_t>(Dropping), static_cast<std::int64_t>(Running))); !stopped)
        return stopped;
    return lookForDropped();
}

Result<std::int64_t> Repricer::start(RepriceOrder order, WallTime now)
{
    if (busy() && m_dropping)
        return fail(ErrorCode::Conflict, "A re-pricing that was undone is still being taken away. Try again in some seconds.");
    if (busy())
        return fail(ErrorCode::Conflict, "Calls are being priced again already. Wait until that is done, or stop it.");
    m_order = std::move(order);
    const auto ask = [this](const Sql &sql) -> Result<Statement> {
        auto statement = m_database.prepare(sql.text);
        if (!statement)
            return std::unexpected(statement.error());
        sql.bindTo(*statement);
        if (auto run = statement->run(); !run)
            return std::unexpected(run.error());
        return statement;
    };
    const auto nameOf = [ask](std::int64_t number) -> Result<std::string> {
        auto name = ask(Sql {.text = "SELECT name FROM names WHERE id = ?", .values = {number}});
        if (!name)
            return std::unexpected(name.error());
        return name->next() ? name->text(0) : std::string();
    };
    auto rows = PricedRows::make(m_order->query, m_order->now, ask, nameOf);
    if (!rows)
        return std::unexpected(rows.error());
    const auto first = rowBefore(m_order->query.range, ask);
    const auto last = m_database.number("SELECT coalesce(max(row), 0) FROM calls");
    if (!first || !last)
        return std::unexpected(first ? last.error() : first.error());
    const Span span = spanOf(m_order->query.range);
    auto insert = m_database.prepare("INSERT INTO reprice_runs (at_us, from_us, to_us, filter, author, state, first_row, next_row, last_row, looked, changed, first_priced, unknown, before, after) "
                                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0)");
    if (!insert)
        return std::unexpected(insert.error());
    insert->bind(now.time_since_epoch().count()).bind(span.from).bind(span.to).bind(m_order->query.filter.text()).bind(m_order->author);
    if (auto done = insert->bind(static_cast<std::int64_t>(Running)).bind(*first).bind(*first).bind(*last).run(); !done)
        return std::unexpected(done.error());
    const auto run = m_database.number("SELECT max(id) FROM reprice_runs");
    if (!run)
        return std::unexpected(run.error());
    m_rows = std::make_unique<PricedRows>(std::move(*rows));
    m_run = *run;
    m_dropping = false;
    m_next = *first;
    m_last = *last;
    m_figures = {};
    return m_run;
}

Result<> Repricer::drop(std::int64_t run)
{
    auto state = m_database.prepare("SELECT state, (SELECT max(id) FROM reprice_runs WHERE state <> 2) FROM reprice_runs WHERE id = ?");
    if (!state)
        return std::unexpected(state.error());
    if (auto asked = state->bind(run).run(); !asked)
        return asked;
    if (!state->next() || state->integer(0) == Dropping)
        return fail(ErrorCode::NotFound, "There is no such re-pricing.");
    if (state->integer(1) != run)
        return fail(ErrorCode::Conflict, "A later re-pricing stands on this one. Undo that first.");
    state->finish();
    if (auto done = m_database.run(fmt::format("UPDATE reprice_runs SET state = 2, next_row = first_row WHERE id = {}", run)); !done)
        return done;
    if (m_run == run || !busy()) {
        m_order.reset();
        m_rows.reset();
        m_run = 0;
        return lookForDropped();
    }
    return {};
}

/// Makes one that is to be dropped the next thing to do.
Result<> Repricer::lookForDropped()
{
    m_run = 0;
    auto rows = m_database.prepare("SELECT id, next_row, last_row FROM reprice_runs WHERE state = 2 ORDER BY id LIMIT 1");
    if (!rows)
        return std::unexpected(rows.error());
    if (auto asked = rows->run(); !asked)
        return asked;
    if (!rows->next())
        return rows->failure();
    m_run = rows->integer(0);
    m_dropping = true;
    m_next = rows->integer(1);
    m_last = rows->integer(2);
    return {};
}

Result<bool> Repricer::step()
{
    if (!busy())
        return false;
    const auto began = std::chrono::steady_clock::now();
    auto more = oneStep();
    const auto took = std::chrono::steady_clock::now() - began;
    if (took > longStep)
        m_rowsAStep = std::max(m_rowsAStep / 2, fewestRowsAStep);
    else if (took < shortStep)
        m_rowsAStep = std::min(m_rowsAStep * 2, mostRowsAStep);
    return more;
}

Result<bool> Repricer::oneStep()
{
    const RepriceFigures before = m_figures;
    const std::int64_t next = m_next;
    if (auto begun = m_database.begin(); !begun)
        return std::unexpected(begun.error());
    auto more = m_dropping ? remove() : reprice();
    Result<> done;
    if (!more)
        m_database.rollback();
    else
        done = m_database.commit();
    if (!more || !done) { // the step is made again
        m_figures = before;
        m_next = next;
        return std::unexpected(more ? done.error() : more.error());
    }
    if (!*more) {
        m_order.reset();
        m_rows.reset();
        if (auto looked = lookForDropped(); !looked)
            return std::unexpected(looked.error());
    }
    return busy();
}

Result<bool> Repricer::reprice()
{
    const std::int64_t upTo = std::min(m_last, m_next + m_rowsAStep);
    auto read = m_rows->each(m_next, upTo, [this](const PricedRow &row) -> Result<> {
        const RepriceFigures figures = figuresOf(row);
        m_figures.add(figures);
        return figures.changed > 0 ? keep(row) : Result<>();
    });
    if (!read)
        return std::unexpected(read.error());
    m_next = upTo;
    const bool over = m_next >= m_last;
    if (over && m_figures.changed == 0) {
        auto removed = m_database.run(fmt::format("DELETE FROM reprice_runs WHERE id = {}", m_run));
        return removed ? Result<bool>(false) : std::unexpected(removed.error());
    }
    if (auto noted = note(m_next, over ? Done : Running); !noted)
        return std::unexpected(noted.error());
    return !over;
}

Result<> Repricer::keep(const PricedRow &row)
{
    if (!m_insert) {
        auto made = m_database.prepare("INSERT INTO repriced (row, run, nano) VALUES (?, ?, ?)");
        if (!made)
            return std::unexpected(made.error());
        m_insert.emplace(std::move(*made));
    }
    return m_insert->bind(row.row).bind(m_run).bind(row.after->nanos()).run();
}

Result<> Repricer::note(std::int64_t next, std::int64_t state)
{
    auto update = m_database.prepare("UPDATE reprice_runs SET next_row = ?, state = ?, looked = ?, changed = ?, first_priced = ?, unknown = ?, before = ?, after = ? WHERE id = ?");
    if (!update)
        return std::unexpected(update.error());
    update->bind(next).bind(state);
    for (const std::uint64_t count : {m_figures.looked, m_figures.changed, m_figures.firstPriced, m_figures.unknown})
        update->bind(static_cast<std::int64_t>(count));
    return update->bind(m_figures.before.nanos()).bind(m_figures.after.nanos()).bind(m_run).run();
}

/// Some rows of a run that is dropped; last the run itself.
Result<bool> Repricer::remove()
{
    const std::int64_t upTo = std::min(m_last, m_next + m_rowsAStep);
    if (auto done = m_database.run(fmt::format("DELETE FROM repriced WHERE row > {} AND row <= {} AND run = {}", m_next, upTo, m_run)); !done)
        return std::unexpected(done.error());
    m_next = upTo;
    const bool over = m_next >= m_last;
    auto noted = m_database.run(over ? fmt::format("DELETE FROM reprice_runs WHERE id = {}", m_run) : fmt::format("UPDATE reprice_runs SET next_row = {} WHERE id = {}", m_next, m_run));
    return noted ? Result<bool>(!over) : std::unexpected(noted.error());
}

} // namespace gateway::storage
