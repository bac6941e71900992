// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

/// Which rows of a block of calls belong to which dimension: `blocks.dims` and `blocks.places`. Stands for an index by team,
/// by key, by route, by provider and by model, each of which cost as much a call as the call itself.
namespace gateway::storage {

inline constexpr std::size_t rowsABlock = 4096;

struct BlockDirectory
{
    QByteArray dims;   ///< the block's dimensions, ascending: varint steps
    QByteArray places; ///< for each of them how many rows, and their steps from the block's first row

    /// @param rows  dimension and row of each call; is sorted
    static BlockDirectory of(std::vector<std::pair<std::int64_t, std::int64_t>> &rows, std::int64_t firstRow);
};

/// Whether the block has a call of one of the dimensions.
/// @param wanted  ascending
bool hasAny(const QByteArray &dims, std::span<const std::int64_t> wanted);

/// The rows of the wanted dimensions, in no order. Bytes that are no directory end the reading.
void forRows(const BlockDirectory &directory, std::int64_t firstRow, std::span<const std::int64_t> wanted, const std::function<void(std::int64_t row)> &sink);

} // namespace gateway::storage
