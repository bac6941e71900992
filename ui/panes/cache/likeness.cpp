// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/likeness.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::cache {

namespace {

constexpr double least = 0.5, most = 1;
constexpr double stepsInOne = 100;
constexpr double hair = 1e-9; ///< fractions are sums, and not exact

} // namespace

double onGrid(double threshold) { return std::round(std::clamp(threshold, least, most) * stepsInOne) / stepsInOne; }

QString thresholdText(double threshold)
{
    QString text = QString::number(threshold, 'f', 3);
    if (text.endsWith(u'0'))
        text.chop(1);
    return text;
}

Likeness likenessOf(const std::vector<gateway::SemanticHit> &newestFirst)
{
    Likeness likeness;
    const auto count = static_cast<std::size_t>(std::lround((most - least) / Likeness::width));
    for (std::size_t i = 0; i < count; ++i)
        likeness.bins.push_back({.from = least + static_cast<double>(i) * Likeness::width});
    if (newestFirst.empty())
        return likeness;
    likeness.measuredFrom = newestFirst.front().threshold;
    for (const gateway::SemanticHit &hit : newestFirst) {
        if (hit.threshold > likeness.measuredFrom + hair)
            break; // what was less alike was no hit then: to count on would make a dent that is none
        const auto bin = static_cast<std::size_t>(std::max(0.0, std::floor((hit.similarity - least) / Likeness::width + hair)));
        LikenessBin &place = likeness.bins[std::min(bin, count - 1)];
        ++place.hits;
        place.right += hit.verdict == gateway::Verdict::Right ? 1 : 0;
        place.wrong += hit.verdict == gateway::Verdict::Wrong ? 1 : 0;
        ++likeness.hits;
    }
    return likeness;
}

std::optional<double> Preview::wrongShare() const { return judged ? std::optional(static_cast<double>(wrong) / static_cast<double>(judged)) : std::nullopt; }

Preview previewOf(const Likeness &likeness, const std::vector<gateway::ThresholdRate> &rates, const Counts &counts, double threshold)
{
    Preview preview {.measured = threshold >= likeness.measuredFrom - hair};
    std::uint64_t left = 0;
    for (const LikenessBin &bin : likeness.bins)
        left += bin.from >= threshold - hair ? bin.hits : 0;
    if (counts.looked() > 0) {
        const double kept = likeness.hits ? static_cast<double>(left) / static_cast<double>(likeness.hits) : 1;
        preview.hitShare = (static_cast<double>(counts.hits) + static_cast<double>(counts.semantic) * kept) / static_cast<double>(counts.looked());
    }
    const auto rate = std::ranges::find_if(rates, [&](const gateway::ThresholdRate &one) { return one.threshold >= threshold - hair; });
    if (rate != rates.end()) {
        preview.judged = rate->judged;
        preview.wrong = rate->wrong;
    }
    return preview;
}

} // namespace ui::cache
