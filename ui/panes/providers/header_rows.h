// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pair_rows.h"

namespace ui::providers {

/// Headers that go out with every call to a provider. The value of a secret one (Authorization, X-Api-Key …) is never
/// shown again: what is typed there replaces it.
class HeaderRows final : public panes::PairRows
{
    Q_OBJECT
public:
    explicit HeaderRows(QWidget *parent = nullptr);

protected:
    void dress(Row &row) override;
    [[nodiscard]] bool isHidden(const std::string &value) const override;
};

} // namespace ui::providers
