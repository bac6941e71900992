// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"

#include <QList>
#include <QWidget>

namespace ui::providers {

/// The steps of a provider's test as a line of signs: what was found in words, the raw code under what failed, and why
/// what came after was not tried.
class TestSteps final : public QWidget
{
    Q_OBJECT
public:
    explicit TestSteps(QWidget *parent = nullptr);

    void begin();                                             ///< all five wait, the first runs
    void addStep(const gateway::api::ProbeStep &step);
    void finish(const std::vector<gateway::api::ProbeStep> &steps);
    [[nodiscard]] const QList<gateway::api::ProbeStep> &steps() const { return m_steps; }
    [[nodiscard]] QString details() const;                    ///< all of it as text, for the clipboard

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] int detailHeight(const gateway::api::ProbeStep &step, int width) const;
    void describe();

    QList<gateway::api::ProbeStep> m_steps;
    bool m_running = false;
};

QString stepName(gateway::api::ProbeStep::Kind kind);

} // namespace ui::providers
