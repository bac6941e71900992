// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"

namespace ui::routes {

class RoutesView;

/// Routes: the list, the outline, the chain editor and its inspector, over one draft of the configuration
/// (ui.md section 4). What is drafted stays when the pane is left; it is published with Ctrl+Shift+P.
class RoutesPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit RoutesPane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override;
    void focusSearch() override;

protected:
    void activated() override;
    void deactivated() override;

private:
    RoutesView *m_view;
};

} // namespace ui::routes
