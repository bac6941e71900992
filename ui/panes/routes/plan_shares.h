// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QList>

/// A split's weights as people see them: whole shares of 100. Pure.
namespace ui::routes {

/// Weights as shares of 100, the sum exactly 100, each at least 1 (largest remainder). At most 100 branches.
QList<int> shares(const gateway::config::SplitNode &split);
/// Makes the weights these, closed up to a sum of 100. Another number of shares than branches changes nothing.
void setShares(gateway::config::SplitNode &split, const QList<int> &shares);
/// Gives one branch its share; the others keep their proportions. The sum is 100 afterwards, each at least 1.
void setShare(gateway::config::SplitNode &split, int branch, int share);
/// Moves the border between `branch` and the next: what one gains the other loses.
void moveBorder(gateway::config::SplitNode &split, int branch, int shareOfBranch);

} // namespace ui::routes
