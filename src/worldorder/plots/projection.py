"""Equal Earth: a world map on which equal areas are equal.

Savric, B., Patterson, T. and Jenny, B. (2018). The Equal Earth map projection. International
Journal of Geographical Information Science 33(3), 454-465. doi:10.1080/13658816.2018.1504949.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796

Coordinates = NDArray[np.floating[Any]]


def equal_earth(longitude: Coordinates, latitude: Coordinates) -> tuple[Coordinates, Coordinates]:
    r"""Place on the map of a sphere of radius 1, x to the east and y to the north.

    $$x = \frac{2\sqrt3\,\lambda\cos\theta}{3(9A_4\theta^8 + 7A_3\theta^6 + 3A_2\theta^2 + A_1)},
    \quad y = A_4\theta^9 + A_3\theta^7 + A_2\theta^3 + A_1\theta,
    \quad \sin\theta = \tfrac{\sqrt3}{2}\sin\varphi$$

    Longitude lambda and latitude phi are in degrees and of one shape.
    """
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(latitude)))
    squared = theta**2
    sixth = squared**3
    slope = _A1 + 3 * _A2 * squared + sixth * (7 * _A3 + 9 * _A4 * squared)
    x = 2 * np.sqrt(3) / 3 * np.radians(longitude) * np.cos(theta) / slope
    y = theta * (_A1 + _A2 * squared + sixth * (_A3 + _A4 * squared))
    return x, y
