// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/usage_means.h"

#include <algorithm>

namespace gateway::pipeline {

namespace {

constexpr double weight = 1.0 / 16;            // of the latest call: some twenty calls make the mean
constexpr double least = 0.25, most = 4;       // what an estimate can be wrong by; beyond it something else was counted

} // namespace

void UsageMeans::learn(std::uint64_t route, Endpoint endpoint, std::int64_t estimatedInput, std::int64_t input, std::int64_t output)
{
    const std::uint64_t key = keyOf(route, endpoint);
    if (m_means.size() >= mostKept && !m_means.contains(key))
        m_means.clear();
    Means &means = m_means[key];
    if (estimatedInput > 0 && input > 0) {
        const double ratio = std::clamp(static_cast<double>(input) / static_cast<double>(estimatedInput), least, most);
        means.input += (ratio - means.input) * weight;
    }
    const auto tokens = static_cast<double>(output);
    means.output = means.output < 0 ? tokens : means.output + (tokens - means.output) * weight;
}

} // namespace gateway::pipeline
