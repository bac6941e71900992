// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/vector_scope.h"

#ifdef __SANITIZE_ADDRESS__
#define NO_MANUAL_VECTORIZATION // with it hnswlib 0.6 reads four bytes behind a list of links, to fetch them ahead
#endif
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <exception>
#include <unordered_map>
#include <vector>

namespace gateway::state {

namespace {

constexpr std::size_t links = 16;             // hnswlib's M: neighbours of a vector
constexpr std::size_t buildCandidates = 120;  // ef_construction
constexpr std::size_t searchCandidates = 96;  // ef
constexpr std::size_t leastCapacity = 4096;
constexpr std::size_t deletedShare = 5;       // a fifth

} // namespace

/// All vectors behind one another.
class VectorScope::Flat
{
public:
    explicit Flat(std::size_t dimensions) : m_dimensions(dimensions), m_space(dimensions) {}

    void add(std::uint64_t label, std::span<const float> vector)
    {
        m_places.emplace(label, m_labels.size());
        m_labels.push_back(label);
        m_values.insert(m_values.end(), vector.begin(), vector.end());
    }
    void remove(std::uint64_t label)
    {
        const auto place = m_places.find(label);
        if (place == m_places.end())
            return;
        const std::size_t gap = place->second, last = m_labels.size() - 1;
        std::copy_n(m_values.begin() + offset(last), m_dimensions, m_values.begin() + offset(gap));
        m_labels[gap] = m_labels[last];
        m_places[m_labels[gap]] = gap;
        m_places.erase(label);
        m_labels.pop_back();
        m_values.resize(m_labels.size() * m_dimensions);
    }
    [[nodiscard]] std::optional<Nearest> nearest(std::span<const float> vector)
    {
        std::optional<Nearest> best;
        for (std::size_t i = 0; i < m_labels.size(); ++i) {
            const float similarity = 1 - m_space.get_dist_func()(vector.data(), m_values.data() + offset(i), m_space.get_dist_func_param());
            if (!best || similarity > best->similarity)
                best = Nearest {.label = m_labels[i], .similarity = similarity};
        }
        return best;
    }
    [[nodiscard]] std::vector<float> vectorOf(std::uint64_t label) const
    {
        const auto place = m_places.find(label);
        if (place == m_places.end())
            return {};
        const auto from = m_values.begin() + offset(place->second);
        return {from, from + static_cast<std::ptrdiff_t>(m_dimensions)};
    }
    [[nodiscard]] const std::vector<std::uint64_t> &labels() const { return m_labels; }

private:
    [[nodiscard]] std::ptrdiff_t offset(std::size_t place) const { return static_cast<std::ptrdiff_t>(place * m_dimensions); }

    std::size_t m_dimensions;
    hnswlib::InnerProductSpace m_space;
    std::vector<float> m_values;
    std::vector<std::uint64_t> m_labels;
    std::unordered_map<std::uint64_t, std::size_t> m_places;
};

/// hnswlib's own, with its exceptions kept in.
class VectorScope::Graph
{
public:
    Graph(std::size_t dimensions, std::size_t capacity) : m_space(dimensions), m_index(&m_space, std::max(capacity, leastCapacity), links, buildCandidates) { m_index.setEf(searchCandidates); }

    bool add(std::uint64_t label, std::span<const float> vector)
    {
        try {
            if (m_index.cur_element_count == m_index.max_elements_)
                m_index.resizeIndex(m_index.max_elements_ + m_index.max_elements_ / 2);
            m_index.addPoint(vector.data(), label);
        } catch (const std::exception &) { // no memory
            return false;
        }
        m_labels.push_back(label);
        return true;
    }
    void remove(std::uint64_t label)
    {
        try {
            m_index.markDelete(label);
        } catch (const std::exception &) { // it is not there
        }
    }
    [[nodiscard]] std::optional<Nearest> nearest(std::span<const float> vector) const
    {
        try {
            const auto found = m_index.searchKnn(vector.data(), 1);
            if (!found.empty())
                return Nearest {.label = found.top().second, .similarity = 1 - found.top().first};
        } catch (const std::exception &) { // no memory
        }
        return std::nullopt;
    }
    [[nodiscard]] std::vector<float> vectorOf(std::uint64_t label) const
    {
        try {
            return m_index.getDataByLabel<float>(label);
        } catch (const std::exception &) { // it was removed
            return {};
        }
    }
    [[nodiscard]] const std::vector<std::uint64_t> &labels() const { return m_labels; } ///< removed ones too
    [[nodiscard]] std::size_t size() const { return m_index.cur_element_count - m_index.num_deleted_; }
    [[nodiscard]] bool isWorn() const { return m_index.num_deleted_ * deletedShare > m_index.cur_element_count; }

private:
    hnswlib::InnerProductSpace m_space;
    hnswlib::HierarchicalNSW<float> m_index;
    std::vector<std::uint64_t> m_labels;
};

struct VectorScope::Moving
{
    std::vector<std::uint64_t> labels;
    std::size_t at = 0;
};

VectorScope::VectorScope(std::size_t dimensions, std::size_t graphFrom) : m_dimensions(dimensions), m_graphFrom(graphFrom), m_flat(std::make_unique<Flat>(dimensions)) {}

VectorScope::~VectorScope() = default;

bool VectorScope::add(std::uint64_t label, std::span<const float> vector)
{
    if (m_flat)
        m_flat->add(label, vector);
    else if (!m_graph->add(label, vector))
        return false;
    if (m_next)
        m_next->add(label, vector);
    beginWhereDue();
    return true;
}

void VectorScope::remove(std::uint64_t label)
{
    if (m_flat)
        m_flat->remove(label);
    else
        m_graph->remove(label);
    if (m_next)
        m_next->remove(label);
    beginWhereDue();
}

std::optional<VectorScope::Nearest> VectorScope::nearest(std::span<const float> vector) const
{
    return m_flat ? m_flat->nearest(vector) : m_graph->nearest(vector);
}

std::size_t VectorScope::size() const
{
    return m_flat ? m_flat->labels().size() : m_graph->size();
}

bool VectorScope::isGraph() const
{
    return m_graph != nullptr;
}

bool VectorScope::isBuilding() const
{
    return m_next != nullptr;
}

void VectorScope::beginWhereDue()
{
    if (m_next || (m_flat ? m_flat->labels().size() < m_graphFrom : !m_graph->isWorn()))
        return;
    const std::vector<std::uint64_t> &labels = m_flat ? m_flat->labels() : m_graph->labels();
    if (m_graph && m_graph->size() < m_graphFrom / 2) { // few again
        auto flat = std::make_unique<Flat>(m_dimensions);
        for (const std::uint64_t label : labels) {
            if (const std::vector<float> vector = m_graph->vectorOf(label); !vector.empty())
                flat->add(label, vector);
        }
        m_flat = std::move(flat);
        m_graph.reset();
        return;
    }
    try {
        m_next = std::make_unique<Graph>(m_dimensions, size() + size() / 2);
    } catch (const std::exception &) { // no memory: what there is goes on
        return;
    }
    m_moving = std::make_unique<Moving>(Moving {.labels = labels});
}

void VectorScope::build(std::size_t vectors)
{
    if (!m_next)
        return;
    for (; vectors > 0 && m_moving->at < m_moving->labels.size(); --vectors) {
        const std::uint64_t label = m_moving->labels[m_moving->at++];
        const std::vector<float> vector = m_flat ? m_flat->vectorOf(label) : m_graph->vectorOf(label);
        if (!vector.empty() && !m_next->add(label, vector)) {
            m_next.reset();
            m_moving.reset();
            return;
        }
    }
    if (m_moving->at < m_moving->labels.size())
        return;
    m_graph = std::move(m_next);
    m_flat.reset();
    m_moving.reset();
    beginWhereDue(); // what was removed meanwhile
}

} // namespace gateway::state
