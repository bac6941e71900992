// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ui::routes {

using gateway::config::SplitBranch;
using gateway::config::SplitNode;

namespace {

constexpr int whole = 100;

/// Whole shares of `total` in proportion to `weights`, each at least 1: by largest remainder.
QList<int> proportional(const QList<double> &weights, int total)
{
    const auto n = weights.size();
    QList<int> result(n, 1);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    const int spare = total - static_cast<int>(n);
    if (n == 0 || spare <= 0)
        return result;
    // What exceeds the floor of 1 is shared out, so that no branch falls below it.
    QList<double> excess(n);
    double excessSum = 0;
    for (qsizetype i = 0; i < n; ++i) {
        const double ideal = sum > 0 ? weights[i] / sum * total : double(total) / double(n);
        excess[i] = std::max(0.0, ideal - 1);
        excessSum += excess[i];
    }
    QList<std::pair<double, qsizetype>> rests;
    int given = 0;
    for (qsizetype i = 0; i < n; ++i) {
        const double ideal = excessSum > 0 ? excess[i] / excessSum * spare : double(spare) / double(n);
        const int floor = static_cast<int>(std::floor(ideal + 1e-9));
        result[i] += floor;
        given += floor;
        rests.append({ideal - floor, -i});
    }
    std::ranges::sort(rests, std::greater {});
    for (qsizetype i = 0; given < spare; ++i, ++given)
        ++result[-rests[i % n].second];
    return result;
}

QList<double> weightsOf(const SplitNode &split)
{
    QList<double> weights;
    for (const SplitBranch &branch : split.branches)
        weights.append(branch.weight);
    return weights;
}

void setWeights(SplitNode &split, const QList<int> &weights)
{
    for (std::size_t i = 0; i < split.branches.size(); ++i)
        split.branches[i].weight = weights[static_cast<qsizetype>(i)];
}

} // namespace

QList<int> shares(const SplitNode &split) { return proportional(weightsOf(split), whole); }

void setShares(SplitNode &split, const QList<int> &shares)
{
    if (shares.size() != static_cast<qsizetype>(split.branches.size()))
        return;
    setWeights(split, proportional(QList<double>(shares.begin(), shares.end()), whole));
}

void setShare(SplitNode &split, int branch, int share)
{
    const auto n = static_cast<int>(split.branches.size());
    if (branch < 0 || branch >= n || n > whole)
        return;
    const int mine = n == 1 ? whole : std::clamp(share, 1, whole - (n - 1));
    QList<double> others = weightsOf(split);
    others.removeAt(branch);
    QList<int> all = proportional(others, whole - mine);
    all.insert(branch, mine);
    setWeights(split, all);
}

void moveBorder(SplitNode &split, int branch, int shareOfBranch)
{
    QList<int> now = shares(split);
    if (branch < 0 || branch + 1 >= now.size())
        return;
    const int both = now[branch] + now[branch + 1];
    now[branch] = std::clamp(shareOfBranch, 1, both - 1);
    now[branch + 1] = both - now[branch];
    setWeights(split, now);
}

} // namespace ui::routes
