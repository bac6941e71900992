// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/simulation.h"
#include "ui/panes/routes/canvas_host.h"
#include "ui/widgets/motion.h"

#include <QHash>
#include <QObject>
#include <QPainterPath>
#include <QVariantAnimation>

class QPainter;

namespace ui::routes {

/// One leg of a simulated call's way over the picture.
struct WalkLeg
{
    QPainterPath way;        ///< in scene coordinates, from where the token is to where it goes
    std::optional<Path> to;  ///< the target there; nullopt: the flag
    Passage passage = Passage::None; ///< what becomes of the call there
    QString says;            ///< beside the token once it is there
};
/// The way of a simulated call: along the edges to the first target, from each target on to the next, and from the one
/// that answers to the flag. Pure. Steps whose node is not in the picture are left out.
std::vector<WalkLeg> walkOf(const PlanLayout &layout, const gateway::config::PlanNode &plan, const gateway::Simulation &simulation);

/// A token that walks a simulated call's way. Where less motion is asked for it is at the end at once.
class TokenWalk final : public QObject
{
    Q_OBJECT
public:
    explicit TokenWalk(QObject *parent);
    void start(std::vector<WalkLeg> legs);
    void clear();
    [[nodiscard]] bool active() const { return !m_legs.empty(); }
    [[nodiscard]] bool walking() const { return m_motion.state() == QAbstractAnimation::Running; }
    /// How the nodes that it came by are to be shown.
    [[nodiscard]] const QHash<Path, Passage> &passages() const { return m_passages; }
    void paint(QPainter *painter, const widgets::ThemeColors &c) const;

Q_SIGNALS:
    void moved();

private:
    void beginLeg();
    void endLeg();

    std::vector<WalkLeg> m_legs;
    std::size_t m_leg = 0;       ///< under way; size(): all are done
    QHash<Path, Passage> m_passages;
    QVariantAnimation m_motion;
    widgets::MotionPreference m_preference;
};

} // namespace ui::routes
