// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/customer_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::storage {

namespace {

constexpr std::int64_t removedAtOnce = 2'000;
constexpr std::int64_t lately = 2; // days

} // namespace

void CustomerTable::forget()
{
    m_known.clear();
    m_loaded = false;
}

Result<> CustomerTable::load()
{
    if (m_loaded)
        return {};
    if (!m_select) {
        auto select = m_database.prepare("SELECT id, last_day FROM customers WHERE name = ?");
        auto insert = m_database.prepare("INSERT INTO customers (name, last_day) VALUES (?, ?) RETURNING id");
        auto touch = m_database.prepare("UPDATE customers SET last_day = ? WHERE id = ?");
        for (const auto *statement : {&select, &insert, &touch}) {
            if (!*statement)
                return std::unexpected(statement->error());
        }
        m_select.emplace(std::move(*select));
        m_insert.emplace(std::move(*insert));
        m_touch.emplace(std::move(*touch));
    }
    const auto count = m_database.number("SELECT count(*) FROM customers");
    if (!count)
        return std::unexpected(count.error());
    m_count = static_cast<std::size_t>(*count);
    m_fullUntil = 0;
    m_loaded = true;
    return {};
}

Result<std::int64_t> CustomerTable::number(std::string_view name, std::int64_t day)
{
    if (name.empty())
        return 0;
    if (const auto known = m_known.find(name); known != m_known.end()) {
        if (auto touched = touch(known->second, day); !touched)
            return std::unexpected(touched.error());
        return known->second.id;
    }
    auto found = look(name, day);
    if (!found)
        return std::unexpected(found.error());
    if (found->id != other)
        m_known.emplace(name, *found);
    return found->id;
}

Result<> CustomerTable::touch(Known &known, std::int64_t day)
{
    if (known.day >= day)
        return {};
    known.day = day;
    return m_touch->bind(day).bind(known.id).run();
}

Result<CustomerTable::Known> CustomerTable::look(std::string_view name, std::int64_t day)
{
    if (auto loaded = load(); !loaded)
        return std::unexpected(loaded.error());
    if (auto run = m_select->bind(name).run(); !run)
        return std::unexpected(run.error());
    if (m_select->next()) {
        Known known {.id = m_select->integer(0), .day = m_select->integer(1)};
        m_select->finish();
        if (auto touched = touch(known, day); !touched)
            return std::unexpected(touched.error());
        return known;
    }
    if (auto failed = m_select->failure(); !failed)
        return std::unexpected(failed.error());
    if (m_count >= m_most) {
        auto room = makeRoom(day);
        if (!room)
            return std::unexpected(room.error());
        if (!*room)
            return Known {.id = other, .day = day};
    }
    if (auto run = m_insert->bind(name).bind(day).run(); !run)
        return std::unexpected(run.error());
    if (!m_insert->next())
        return fail(ErrorCode::Internal, "The call log lost a customer that it had just stored.");
    const Known known {.id = m_insert->integer(0), .day = day};
    m_insert->finish();
    ++m_count;
    return known;
}

/// Lets those go that had no call for longest. @return false: all of them had one lately
Result<bool> CustomerTable::makeRoom(std::int64_t day)
{
    if (day <= m_fullUntil)
        return false;
    if (auto told = m_database.run("UPDATE marks SET value = 1 WHERE name = 'customers_let_go'"); !told)
        return std::unexpected(told.error());
    auto remove = m_database.prepare(fmt::format("DELETE FROM customers WHERE id IN (SELECT id FROM customers WHERE id <> {} AND last_day < ? ORDER BY last_day LIMIT {})", other,
                                                 std::min<std::int64_t>(removedAtOnce, static_cast<std::int64_t>(m_most / 4 + 1))));
    if (!remove)
        return std::unexpected(remove.error());
    if (auto done = remove->bind(day - lately).run(); !done)
        return std::unexpected(done.error());
    const std::int64_t gone = remove->changes();
    m_known.clear(); // some of them may be among these
    m_count -= static_cast<std::size_t>(gone);
    if (gone == 0)
        m_fullUntil = day;
    return gone > 0;
}

} // namespace gateway::storage
