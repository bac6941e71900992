// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/semantic_review.h"
#include "ui/panes/cache_figures.h"

#include <QString>

/// How much questions were like those whose answers they got, and what another threshold would have made of them. Pure.
namespace ui::cache {

/// Thresholds lie on hundredths, as the measured rates do.
inline constexpr double thresholdStep = 0.01;
double onGrid(double threshold);             ///< the nearest, from 0.5 to 1
QString thresholdText(double threshold);     ///< "0.92", "0.925"

struct LikenessBin
{
    double from = 0;
    std::uint64_t hits = 0, right = 0, wrong = 0; ///< right and wrong: of those that were judged
};

/// Semantic hits, newest first back to where another threshold held, in bins of equal width.
struct Likeness
{
    static constexpr double width = 0.005;   ///< of a bin
    std::vector<LikenessBin> bins;           ///< from 0.5 to 1, rising
    std::uint64_t hits = 0;
    double measuredFrom = 1;                 ///< questions that were less alike were misses, and are not written down
};
Likeness likenessOf(const std::vector<gateway::SemanticHit> &newestFirst);

struct Preview
{
    std::optional<double> hitShare;          ///< of all calls that looked, 0 to 1; nullopt: none did
    std::uint64_t judged = 0, wrong = 0;     ///< of the hits that would be left
    bool measured = true;                    ///< false: there would be more hits, and nobody knows how many

    [[nodiscard]] std::optional<double> wrongShare() const;
};
/// @param rates   of what was judged, at each threshold
/// @param counts  of the time that is looked at
Preview previewOf(const Likeness &likeness, const std::vector<gateway::ThresholdRate> &rates, const Counts &counts, double threshold);

} // namespace ui::cache
