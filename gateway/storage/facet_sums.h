// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/costs.h"
#include "gateway/storage/call_finder.h"
#include "gateway/storage/day_sums.h"
#include "gateway/storage/facet_filter.h"

#include <functional>
#include <optional>
#include <vector>

namespace gateway::storage {

/// Answers what is asked about costs from sums by day (day_sums.h). Groups have numbers: those in `names`, an endpoint's plus one,
/// those in `customers`; CostSums::none where calls have none. One question's; query thread.
class FacetSums
{
public:
    struct Fields
    {
        CostField by = CostField::Team;
        std::optional<CostField> then {};
        bool dimensions = false; ///< instead of `by`: the number of the row in `dims`, which tells team, key, route, provider and model
        bool apart = false; ///< instead of `by`: the facet's number (facet_table.h)
        [[nodiscard]] bool has(CostField field) const { return (!dimensions && !apart && by == field) || then == field; }
    };

    /// nullopt: sums by day cannot answer the filter.
    static Result<std::optional<FacetSums>> make(ReaderSession &session, const CallFilter &filter, Fields fields);

    /// Sums hold all calls that began from then on; microseconds.
    static Result<std::int64_t> from(ReaderSession &session);

    /// The bucket of calls that began in the quarter of an hour from then on; nullopt: these are not wanted.
    using BucketOf = std::function<std::optional<std::size_t>(std::int64_t fromUs)>;
    using Sink = std::function<Result<>(std::size_t bucket, std::int64_t by, std::int64_t then, const CostFigures &figures)>;
    /// @param span  in which those quarters lie
    Result<> each(Span span, const BucketOf &bucketOf, const Sink &sink);

    /// Customers that have calls in that time, by their numbers; some several times.
    Result<> eachCustomer(Span span, const std::function<void(std::int64_t customer)> &sink);

private:
    /// What the facets of a question's pair of groups have in common: cells of the answer. A customer is filled in later.
    struct Pair
    {
        std::int64_t by = 0, then = 0;
        auto operator<=>(const Pair &) const = default;
    };
    /// The buckets that a day has a part of, by their place in it.
    struct Day
    {
        std::vector<std::size_t> buckets;
        std::array<std::int8_t, quartersADay> places {}; ///< -1: none
    };
    /// Sums of one day and customer (or of all) by pair and bucket of the day.
    class Cells
    {
    public:
        void shape(std::size_t pairs, std::size_t buckets);
        void add(std::size_t cell, const CostFigures &figures);
        void clear();
        [[nodiscard]] const std::vector<std::size_t> &touched() const { return m_touched; }
        CostFigures &at(std::size_t cell) { return m_cells[cell]; }

    private:
        std::vector<CostFigures> m_cells;
        std::vector<std::uint8_t> m_used;
        std::vector<std::size_t> m_touched;
    };

    FacetSums(ReaderSession &session, FacetFilter filter, Fields fields) : m_session(session), m_filter(std::move(filter)), m_fields(fields) {}
    Result<> readFacets();
    Result<> customersOfDays(std::int64_t from, std::int64_t to, const std::function<void(std::int64_t)> &sink);
    Result<> customersOfDay(std::int64_t number, Span span, const std::function<void(std::int64_t)> &sink);
    Result<> readCustomers();
    Result<> addDay(const DaySum &sum, const Day &day, const Sink &sink);
    Result<> addCustomers(const DaySum &sum, const Day &day, const Sink &sink);
    Result<> give(Cells &cells, std::int64_t customer, const Day &day, const Sink &sink);
    void addFacet(SumReader &reader, std::int64_t &facet, const Day &day, Cells &cells) const;

    ReaderSession &m_session;
    FacetFilter m_filter;
    Fields m_fields;
    bool m_filtered = false;                ///< some facets are left out
    bool m_byCustomer = false;              ///< the answer tells customers apart, or is about some
    std::vector<Pair> m_pairs;
    std::vector<std::int32_t> m_pairOf;     ///< of each facet; -1: the filter leaves it out
    std::vector<std::int64_t> m_customers;  ///< ascending: those that the filter is about
    Cells m_all, m_some;
};

} // namespace gateway::storage
