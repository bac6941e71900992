// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/block_directory.h"

#include "gateway/storage/varint.h"

#include <algorithm>

namespace gateway::storage {

BlockDirectory BlockDirectory::of(std::vector<std::pair<std::int64_t, std::int64_t>> &rows, std::int64_t firstRow)
{
    std::ranges::sort(rows);
    BlockDirectory directory;
    directory.places.reserve(static_cast<qsizetype>(rows.size() * 2));
    std::int64_t previousDim = 0;
    for (auto from = rows.begin(); from != rows.end();) {
        const std::int64_t dim = from->first;
        const auto to = std::find_if(from, rows.end(), [dim](const auto &entry) { return entry.first != dim; });
        appendVarint(directory.dims, static_cast<std::uint64_t>(dim - previousDim));
        appendVarint(directory.places, static_cast<std::uint64_t>(to - from));
        std::int64_t previous = firstRow;
        for (; from != to; ++from) {
            appendVarint(directory.places, static_cast<std::uint64_t>(from->second - previous));
            previous = from->second;
        }
        previousDim = dim;
    }
    return directory;
}

bool hasAny(const QByteArray &dims, std::span<const std::int64_t> wanted)
{
    std::uint64_t step = 0;
    std::int64_t dim = 0;
    for (qsizetype at = 0; readVarint(dims, at, step);) {
        dim += static_cast<std::int64_t>(step);
        if (std::ranges::binary_search(wanted, dim))
            return true;
    }
    return false;
}

void forRows(const BlockDirectory &directory, std::int64_t firstRow, std::span<const std::int64_t> wanted, const std::function<void(std::int64_t row)> &sink)
{
    std::uint64_t step = 0;
    std::uint64_t count = 0;
    std::int64_t dim = 0;
    qsizetype place = 0;
    for (qsizetype at = 0; readVarint(directory.dims, at, step);) {
        dim += static_cast<std::int64_t>(step);
        const bool is = std::ranges::binary_search(wanted, dim);
        if (!readVarint(directory.places, place, count))
            return;
        std::int64_t row = firstRow;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (!readVarint(directory.places, place, step))
                return;
            row += static_cast<std::int64_t>(step);
            if (is)
                sink(row);
        }
    }
}

} // namespace gateway::storage
