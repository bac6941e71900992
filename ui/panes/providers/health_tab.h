// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/card.h"

class QStandardItemModel;

namespace ui::widgets {
class Label;
class TableView;
}

namespace ui::providers {

/// The last 24 hours at large, and what is known now of each model and key.
class HealthTab final : public QWidget
{
    Q_OBJECT
public:
    explicit HealthTab(QWidget *parent = nullptr);
    void show(const gateway::config::Provider &provider, const gateway::api::ProviderStrip *strip, const std::vector<gateway::api::TargetHealth> &health, gateway::WallTime now);
    using QWidget::show;
    /// What the last health probe found; null: there is none, or it has not answered yet.
    void showProbe(const gateway::api::ProviderHealth *probe, gateway::WallTime now);

private:
    class Strip;
    Strip *m_strip;
    widgets::Label *m_summary, *m_probe;
    QStandardItemModel *m_model;
    widgets::TableView *m_table;
    QWidget *m_none;
};

} // namespace ui::providers
