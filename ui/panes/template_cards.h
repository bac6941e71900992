// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/card.h"

namespace ui::panes {

/// What stands in a pane that has nothing yet: a sentence, and some things to begin with, side by side.
class TemplateCards final : public widgets::Panel
{
    Q_OBJECT
public:
    struct Offer
    {
        widgets::Icon icon;
        QString name; ///< of the button's object, after the prefix
        QString title, text;
    };
    /// @param prefix  "routes.template" makes "routes.template.fallback"
    TemplateCards(const QString &sentence, const QString &prefix, const QList<Offer> &offers, QWidget *parent = nullptr);

Q_SIGNALS:
    void wanted(int offer);
};

} // namespace ui::panes
