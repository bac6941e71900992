// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/card.h"

class QStandardItemModel;

namespace ui::widgets {
class Button;
class EmptyState;
class SkeletonView;
class TableView;
}

namespace ui::overview {

/// The providers' health at a glance: state, 24 h strip, p95, errors, 429s and circuit, one line each.
class ProvidersCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit ProvidersCard(QWidget *parent = nullptr);
    /// @param configured  how many providers there are, whether called or not
    void showStrips(const std::vector<gateway::api::ProviderStrip> &strips, std::size_t configured, const std::vector<gateway::api::TargetHealth> &health, gateway::WallTime now);
    void showHealth(const std::vector<gateway::api::TargetHealth> &health);   ///< circuits alone, each second
    void showWaiting();
    void showError();

Q_SIGNALS:
    void opened(const QString &provider);
    void addRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setHeaders(const QString &strip);
    void fitRows();
    widgets::TableView *m_table;
    widgets::EmptyState *m_empty;
    widgets::Button *m_add;
    widgets::SkeletonView *m_skeleton;
    QStandardItemModel *m_model;
};

} // namespace ui::overview
