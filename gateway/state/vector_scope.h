// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace gateway::state {

/// Vectors that may be compared with one another, and the nearest of them to a question's. Few are compared one by one,
/// which misses none; many are a graph (hnswlib), which is searched in part. Graphs are built beside what answers until
/// they are whole, some vectors at a time: at first, and anew when a fifth of one is deleted. Not thread-safe: hnswlib
/// must not add and search at the same time.
class VectorScope
{
public:
    /// @param dimensions  of every vector
    /// @param graphFrom   so many vectors are a graph
    VectorScope(std::size_t dimensions, std::size_t graphFrom);
    ~VectorScope();
    VectorScope(const VectorScope &) = delete;
    VectorScope &operator=(const VectorScope &) = delete;

    /// @param vector  of length one
    /// @return false: there is no memory for it
    bool add(std::uint64_t label, std::span<const float> vector);
    void remove(std::uint64_t label);

    struct Nearest
    {
        std::uint64_t label = 0;
        float similarity = 0; ///< the cosine: 1 is the same direction
    };
    [[nodiscard]] std::optional<Nearest> nearest(std::span<const float> vector) const;

    [[nodiscard]] std::size_t size() const; ///< that are not removed
    [[nodiscard]] bool isGraph() const;
    [[nodiscard]] bool isBuilding() const;
    /// Adds at most so many vectors to the graph that is being built.
    void build(std::size_t vectors);

private:
    class Flat;
    class Graph;
    void beginWhereDue();

    std::size_t m_dimensions, m_graphFrom;
    std::unique_ptr<Flat> m_flat;   ///< one of these two answers
    std::unique_ptr<Graph> m_graph;
    std::unique_ptr<Graph> m_next;  ///< being built; null: none is
    struct Moving;
    std::unique_ptr<Moving> m_moving; ///< what of the present ones m_next has not got yet
};

} // namespace gateway::state
