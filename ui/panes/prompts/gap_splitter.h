// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSplitter>

namespace ui::prompts {

/// Cards with nothing between them that is seen.
class GapSplitter final : public QSplitter
{
public:
    GapSplitter(Qt::Orientation orientation, int gap) : QSplitter(orientation)
    {
        setChildrenCollapsible(false);
        setHandleWidth(gap);
    }

protected:
    QSplitterHandle *createHandle() override { return new Handle(orientation(), this); }

private:
    class Handle final : public QSplitterHandle
    {
    public:
        using QSplitterHandle::QSplitterHandle;

    protected:
        void paintEvent(QPaintEvent *) override {}
    };
};

} // namespace ui::prompts
