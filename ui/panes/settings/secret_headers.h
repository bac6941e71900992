// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pair_rows.h"

namespace ui::settings {

/// Headers whose values are all secrets: none is shown, and what is typed replaces it.
class SecretHeaders final : public panes::PairRows
{
    Q_OBJECT
public:
    explicit SecretHeaders(const QString &prefix, QWidget *parent = nullptr);

protected:
    void dress(Row &row) override;
    [[nodiscard]] bool isHidden(const std::string &value) const override;
};

} // namespace ui::settings
