// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"

namespace ui::providers {

class ProvidersView;

/// Providers: the list with its health, what was found on this machine, and the chosen one's form and test.
class ProvidersPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit ProvidersPane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override;
    void focusSearch() override;

protected:
    void activated() override;
    void deactivated() override;

private:
    ProvidersView *m_view;
};

} // namespace ui::providers
