"""Pictures: decoded within limits and drawn anew, so that nothing but what one sees is kept."""

from contextlib import suppress
from io import BytesIO

from PIL import GifImagePlugin, Image, ImageCms, ImageOps, ImageSequence, JpegImagePlugin
from refusing import No

BEGINS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
SAVED = {
    "png": {"format": "PNG"},
    "jpeg": {"format": "JPEG"},
    "webp": {"format": "WEBP", "quality": 92},
    "gif": {"format": "GIF"},
}
MOVING = {"duration", "disposal", "blend"}  # of each picture of a moving one
SEEN = {"transparency", "background", "loop", "default_image"}  # everything else said beside a picture is left out
LARGEST_PROFILE = 4 * 1024 * 1024

Image.MAX_IMAGE_PIXELS = None  # our own limits are asked before a pixel is decoded
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY


def kind_of(content):
    """`image/png` and so on by how the file begins, or ""."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((f"image/{name}" for begins, name in BEGINS if content.startswith(begins)), "")


def draw_anew(content, out, limits):
    """Write the picture again from its pixels: place, camera, comments and whatever hung behind it stay away."""
    name = kind_of(content).removeprefix("image/")
    try:
        with Image.open(BytesIO(content), formats=[SAVED[name]["format"]]) as picture:
            frames = measure(picture, name, limits)
            how = SAVED[name] | colours(picture) | (as_fine(picture) if name == "jpeg" else {})
            parts = moving(picture) if frames > 1 else [still(picture)]
        save(parts, out, how)
    except (No, MemoryError):
        raise
    except Exception as error:  # a decoder of hostile bytes raises whatever it likes
        raise No("broken") from error


def measure(picture, name, limits):
    """How many pictures it holds. A JPEG is one, even where a telephone has put small ones behind it."""
    frames = 1 if name == "jpeg" else getattr(picture, "n_frames", 1)
    if frames > limits["frames"]:
        raise No("too_many_frames", n=frames)
    pixels = picture.width * picture.height * frames
    if pixels > limits["megapixels"] * 1_000_000:
        raise No("too_many_pixels", n=-(-pixels // 1_000_000))
    return frames


def still(picture):
    """The picture as it is looked at: turned as the camera says, and then without the camera's words."""
    picture.load()
    return bare(ImageOps.exif_transpose(picture), SEEN)


def moving(picture):
    return [bare(frame.copy(), SEEN | MOVING) for frame in ImageSequence.Iterator(picture)]


def bare(picture, kept):
    picture.info = {name: value for name, value in picture.info.items() if name in kept}
    return picture


def colours(picture):
    """The colour profile, if it is one: proofs are judged by it."""
    profile = picture.info.get("icc_profile")
    if profile and len(profile) <= LARGEST_PROFILE:
        with suppress(ImageCms.PyCMSError, OSError):
            ImageCms.ImageCmsProfile(BytesIO(profile))
            return {"icc_profile": profile}
    return {}


def as_fine(picture):
    """A JPEG is drawn anew as fine as it came, so that it neither grows nor pales."""
    return {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}


def save(parts, out, how):
    first, rest = parts[0], parts[1:]
    if rest:
        how = how | {"save_all": True, "append_images": rest}
        how |= {name: [part.info.get(name, 0) for part in parts] for name in MOVING if name in first.info}
    first.save(out, **how)
