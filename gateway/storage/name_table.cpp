// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/name_table.h"

namespace gateway::storage {

namespace {

constexpr std::size_t chosenAtMost = 20'000;
constexpr std::size_t heldAtMost = 100'000; // of one kind in memory; beyond, they are read again

/// By callers, that is.
bool isChosen(NameKind kind)
{
    return kind == NameKind::Model || kind == NameKind::Asked || kind == NameKind::Tags;
}

} // namespace

Result<std::optional<std::int64_t>> NameTable::number(NameKind kind, std::string_view name)
{
    if (name.empty())
        return std::nullopt;
    Known &known = m_known[static_cast<std::size_t>(kind)];
    if (name == known.last)
        return known.lastNumber;
    const auto held = known.numbers.find(name);
    if (held == known.numbers.end() && isChosen(kind) && known.numbers.size() >= chosenAtMost && name != otherNames)
        return number(kind, otherNames);
    auto found = held != known.numbers.end() ? Result<std::int64_t>(held->second) : look(kind, name);
    if (!found)
        return std::unexpected(found.error());
    if (held == known.numbers.end()) {
        if (!isChosen(kind) && known.numbers.size() >= heldAtMost)
            known.numbers.clear();
        known.numbers.emplace(name, *found);
    }
    known.last = name;
    known.lastNumber = *found;
    return *found;
}

Result<> NameTable::prepare()
{
    if (m_select)
        return {};
    auto select = m_database.prepare("SELECT id FROM names WHERE kind = ? AND name = ?");
    auto insert = m_database.prepare("INSERT INTO names (kind, name) VALUES (?, ?)");
    if (!select)
        return std::unexpected(select.error());
    if (!insert)
        return std::unexpected(insert.error());
    m_select.emplace(std::move(*select));
    m_insert.emplace(std::move(*insert));
    return {};
}

Result<std::int64_t> NameTable::look(NameKind kind, std::string_view name)
{
    if (auto prepared = prepare(); !prepared)
        return std::unexpected(prepared.error());
    for (int round = 0; round < 2; ++round) {
        if (auto run = m_select->bind(static_cast<std::int64_t>(kind)).bind(name).run(); !run)
            return std::unexpected(run.error());
        if (m_select->next()) {
            const std::int64_t id = m_select->integer(0);
            m_select->finish();
            return id;
        }
        if (auto failed = m_select->failure(); !failed)
            return std::unexpected(failed.error());
        if (auto inserted = m_insert->bind(static_cast<std::int64_t>(kind)).bind(name).run(); !inserted)
            return std::unexpected(inserted.error());
    }
    return fail(ErrorCode::Internal, "The call log lost a name that it had just stored.");
}

} // namespace gateway::storage
