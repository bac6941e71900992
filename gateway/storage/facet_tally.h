// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_facets.h"
#include "gateway/storage/reader_session.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::storage {

/// Counts calls by each of facetFields: by what they are (kinds), and by how they ended (outcomes). Names are known by numbers
/// until the end. One question's; query thread.
class FacetTally
{
public:
    explicit FacetTally(ReaderSession &session) : m_session(&session) {}

    /// What addKinds() and addOutcome() read of a row.
    static constexpr std::string_view columns = "c.team, c.key, c.route, c.provider, c.model, c.asked, c.endpoint, c.tags, c.status, c.http_status, c.error, c.flags, c.repeats";
    static bool isShadow(const Statement &row);
    static std::uint64_t repeats(const Statement &row);
    void addKinds(const Statement &row, std::uint64_t calls);
    void addOutcome(const Statement &row, std::uint64_t calls);

    /// What calls of one facet (facet_table.h) have in common.
    struct Kind
    {
        std::int64_t team = 0, key = 0, route = 0, provider = 0, model = 0, endpoint = 0;
        std::string asked {}, tags {};
    };
    void addKind(const Kind &kind, std::uint64_t calls);
    /// One that was not well: status is not Ok, or the HTTP status is an error's.
    void addBad(std::int64_t status, std::int64_t httpStatus, std::int64_t error, std::uint64_t calls);
    /// Calls that were well.
    void addWell(std::uint64_t calls);
    void addCached(CacheOutcome outcome, std::uint64_t calls);

    [[nodiscard]] std::uint64_t kinds() const { return m_kinds; }       ///< calls that were counted by what they are
    [[nodiscard]] std::uint64_t outcomes() const { return m_outcomes; } ///< and by how they ended

    Result<CallFacet> facet(std::string_view field, std::size_t most) const;

private:
    using Counts = std::unordered_map<std::int64_t, std::uint64_t>;
    using Texts = std::unordered_map<std::string, std::uint64_t>;

    Result<> addNames(Texts &values, const Counts &counts) const;
    Result<> addModels(Texts &values) const;
    void addTags(Texts &values) const;
    void addStates(Texts &values) const;

    ReaderSession *m_session;
    Counts m_team, m_key, m_route, m_provider, m_endpoint, m_state, m_status, m_error, m_cache;
    Counts m_models;             ///< by answering model and route: the route's name was asked for
    std::unordered_map<std::int64_t, Texts> m_asked; ///< by answering model and what was asked for
    Texts m_tags;                ///< by all tags of a call together
    std::uint64_t m_kinds = 0, m_outcomes = 0, m_belowError = 0;
};

/// Whether a field is one of those that addOutcome() counts.
bool isOutcome(std::string_view field);

} // namespace gateway::storage
