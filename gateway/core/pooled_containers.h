// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/block_cache.h"

#include <string>
#include <vector>

namespace gateway {

/// Containers of a call's own: they live and die on its worker, in blocks that go from one call to the next.
template <typename T>
using PooledVector = std::vector<T, PooledAllocator<T>>;
using PooledText = std::basic_string<char, std::char_traits<char>, PooledAllocator<char>>;

} // namespace gateway
